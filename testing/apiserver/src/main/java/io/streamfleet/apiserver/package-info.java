/** An in-process Kubernetes API server, for tests and for a fleet on one machine. */
@NullMarked
package io.streamfleet.apiserver;

import org.jspecify.annotations.NullMarked;
