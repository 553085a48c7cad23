/** Suspects, which may kill the process or endpoint that handles them, and how they are tried. */
@NullMarked
package io.streamfleet.worker.suspect;

import org.jspecify.annotations.NullMarked;
