/** Due times of retries, stored in Redis for the worker that has the entry by then. */
@NullMarked
package io.streamfleet.worker.due;

import org.jspecify.annotations.NullMarked;
