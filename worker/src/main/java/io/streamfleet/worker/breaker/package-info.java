/** Circuit breakers: whether a handler's endpoint is available, and which message probes it. */
@NullMarked
package io.streamfleet.worker.breaker;

import org.jspecify.annotations.NullMarked;
