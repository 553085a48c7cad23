/** Limits: the rates that all workers share, and the concurrency of an endpoint in one worker. */
@NullMarked
package io.streamfleet.worker.limit;

import org.jspecify.annotations.NullMarked;
