/** Trims streams up to the oldest entry that any of their groups still needs. */
@NullMarked
package io.streamfleet.worker.retention;

import org.jspecify.annotations.NullMarked;
