/** Reads and decodes entries, as far as there are credits and room. */
@NullMarked
package io.streamfleet.worker.read;

import org.jspecify.annotations.NullMarked;
