/**
 * Plots as SVG, written as text only, because a server has neither fonts nor a display. {@link
 * io.streamfleet.bench.plot.Chart} describes a plot, {@link io.streamfleet.bench.plot.Svg} writes
 * it.
 */
@NullMarked
package io.streamfleet.bench.plot;

import org.jspecify.annotations.NullMarked;
