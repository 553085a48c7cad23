/**
 * Plots as SVG, by nothing but text: a server has neither fonts nor a screen. {@link
 * io.streamfleet.bench.plot.Chart} is what a plot says, {@link io.streamfleet.bench.plot.Svg} how
 * it is written down.
 */
@NullMarked
package io.streamfleet.bench.plot;

import org.jspecify.annotations.NullMarked;
