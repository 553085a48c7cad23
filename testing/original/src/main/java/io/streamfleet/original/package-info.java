/** A port of the Python original, to test that a fleet can run beside it; for tests only. */
@NullMarked
package io.streamfleet.original;

import org.jspecify.annotations.NullMarked;
