/** When the next attempt of a failed entry is due, kept in Redis for whoever has the entry then. */
@NullMarked
package io.streamfleet.worker.due;

import org.jspecify.annotations.NullMarked;
