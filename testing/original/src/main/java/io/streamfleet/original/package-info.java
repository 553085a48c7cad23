/** The Python original beside which a fleet has to be able to work; for tests only. */
@NullMarked
package io.streamfleet.original;

import org.jspecify.annotations.NullMarked;
