/** Steps 5 and 6: nothing is handled that is not ours, and what is in flight stays ours. */
@NullMarked
package io.streamfleet.worker.pending;

import org.jspecify.annotations.NullMarked;
