/** The observations of a run, all on one clock. */
@NullMarked
package io.streamfleet.torture.evidence;

import org.jspecify.annotations.NullMarked;
