package io.streamfleet.bench.plot;

import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** Maps values to positions along an axis; covers all values it was created with. */
final class Scale {

  /** More labels than this would overlap. */
  private static final int MAX_TICKS = 5;

  private final boolean logarithmic;
  private final double least;
  private final double greatest;
  private final SequencedMap<Double, String> ticks;

  private Scale(
      boolean logarithmic, double least, double greatest, SequencedMap<Double, String> ticks) {
    this.logarithmic = logarithmic;
    this.least = least;
    this.greatest = greatest;
    this.ticks = ticks;
  }

  /**
   * @throws IllegalArgumentException for a value that the axis cannot show
   */
  static Scale of(Axis axis, DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0
        || !Double.isFinite(sorted[sorted.length - 1])
        || sorted[0] < 0
        || (axis.logarithmic() && sorted[0] == 0)) {
      throw new IllegalArgumentException(
          "no place on the axis '%s' for these values".formatted(axis.label()));
    }
    double greatest = sorted[sorted.length - 1];
    NavigableMap<Double, String> ticks =
        axis.ticks().isEmpty()
            ? axis.logarithmic() ? magnitudes(sorted[0], greatest) : steps(greatest)
            : new TreeMap<>(axis.ticks());
    return new Scale(
        axis.logarithmic(),
        Math.min(ticks.firstKey(), sorted[0]),
        Math.max(ticks.lastKey(), greatest),
        ticks);
  }

  private static NavigableMap<Double, String> steps(double greatest) {
    double rough = Math.max(greatest, Double.MIN_NORMAL) / MAX_TICKS;
    double magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        DoubleStream.of(1, 2, 5, 10)
            .map(it -> it * magnitude)
            .filter(it -> it >= rough)
            .findFirst()
            .orElseThrow();
    TreeMap<Double, String> ticks = new TreeMap<>();
    long count = (long) Math.ceil(greatest / step - 1e-9);
    for (long i = 0; i <= Math.max(1, count); i++) {
      ticks.put(i * step, Numbers.rounded(i * step));
    }
    return ticks;
  }

  /** Powers of ten; if there are few of them, also twice and five times these. */
  private static NavigableMap<Double, String> magnitudes(double least, double greatest) {
    int from = (int) Math.floor(Math.log10(least) + 1e-9);
    int to = (int) Math.ceil(Math.log10(greatest) - 1e-9);
    double[] within = to - from > 2 ? new double[] {1} : new double[] {1, 2, 5};
    TreeMap<Double, String> all = new TreeMap<>();
    for (int exponent = from; exponent <= Math.max(to, from + 1); exponent++) {
      for (double factor : within) {
        double tick = factor * Math.pow(10, exponent);
        all.put(tick, Numbers.rounded(tick));
      }
    }
    Map.Entry<Double, String> first = all.floorEntry(least * (1 + 1e-9));
    Map.Entry<Double, String> last = all.ceilingEntry(greatest * (1 - 1e-9));
    double low = first == null ? all.firstKey() : first.getKey();
    double high = last == null ? all.lastKey() : last.getKey();
    return new TreeMap<>(
        all.subMap(low, true, high <= low ? all.tailMap(low, false).firstKey() : high, true));
  }

  /** From 0 at the beginning of the axis to 1 at its end. */
  double at(double value) {
    return logarithmic
        ? (Math.log(value) - Math.log(least)) / (Math.log(greatest) - Math.log(least))
        : (value - least) / (greatest - least);
  }

  SequencedMap<Double, String> ticks() {
    return ticks;
  }
}
