/** Tracks the pending entries of this consumer: renews, fetches and claims them. */
@NullMarked
package io.streamfleet.worker.pending;

import org.jspecify.annotations.NullMarked;
