package io.streamfleet.bench.plot;

import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The scale along one side of a plot.
 *
 * @param label with its unit
 * @param logarithmic for positive values that differ by orders of magnitude
 * @param ticks labelled values and their labels; if empty, chosen by the values
 */
public record Axis(String label, boolean logarithmic, SequencedMap<Double, String> ticks) {

  /** Starts at zero. */
  public static Axis linear(String label) {
    return new Axis(label, false, new TreeMap<>());
  }

  /** By orders of magnitude. */
  public static Axis logarithmic(String label) {
    return new Axis(label, true, new TreeMap<>());
  }

  /**
   * Percentiles, with equal distance for each further nine: {@link #nines} gives the position of
   * one.
   *
   * @param percentiles the labelled ones, such as 99.9
   */
  public static Axis percentiles(String label, List<Double> percentiles) {
    TreeMap<Double, String> ticks = new TreeMap<>();
    percentiles.forEach(it -> ticks.put(nines(it), Numbers.plain(it)));
    return new Axis(label, true, ticks);
  }

  /** One in how many is beyond a percentile: 100 for 99. */
  public static double nines(double percentile) {
    return 100 / (100 - percentile);
  }
}
