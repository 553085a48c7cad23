/** Steps 5 and 6: nothing is handled that is not ours, and what is in hand stays ours. */
@NullMarked
package io.streamfleet.worker.own;

import org.jspecify.annotations.NullMarked;
