/** Entries that may be the death of who handles them, and how they are tried. */
@NullMarked
package io.streamfleet.worker.suspect;

import org.jspecify.annotations.NullMarked;
