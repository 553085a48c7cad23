/** A Kubernetes API server in this process, for tests and for a fleet on one machine. */
@NullMarked
package io.streamfleet.apiserver;

import org.jspecify.annotations.NullMarked;
