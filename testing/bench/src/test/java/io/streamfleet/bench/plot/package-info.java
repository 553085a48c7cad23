/** Tests of the plots: that they show each value, at its place. */
@NullMarked
package io.streamfleet.bench.plot;

import org.jspecify.annotations.NullMarked;
