@NullMarked
package io.streamfleet.kubelet;

import org.jspecify.annotations.NullMarked;
