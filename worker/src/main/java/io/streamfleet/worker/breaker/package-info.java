/** Whether a handler's endpoint is unavailable, and who may find out that it is back. */
@NullMarked
package io.streamfleet.worker.breaker;

import org.jspecify.annotations.NullMarked;
