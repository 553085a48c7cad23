/** Runs the pods of a cluster in this machine as processes of this machine. */
@NullMarked
package io.streamfleet.operator.kubelet;

import org.jspecify.annotations.NullMarked;
