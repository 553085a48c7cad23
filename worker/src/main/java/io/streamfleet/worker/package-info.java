/** The worker: reads entries from Redis, calls the handler with each, and settles them. */
@NullMarked
package io.streamfleet.worker;

import org.jspecify.annotations.NullMarked;
