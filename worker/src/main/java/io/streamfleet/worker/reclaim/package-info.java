/** Step 9: what a dead consumer left is claimed. */
@NullMarked
package io.streamfleet.worker.reclaim;

import org.jspecify.annotations.NullMarked;
