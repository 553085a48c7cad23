package io.streamfleet.bench;

import io.streamfleet.bench.Throughput.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A contender on one kind of work, and all its laps.
 *
 * @param what the work's name in the tables
 */
record Racer(Contender contender, String what, Work work, int workers, List<Lap> laps) {

  Racer(Contender contender, String what, Work work, int workers) {
    this(contender, what, work, workers, new ArrayList<>());
  }

  /**
   * Runs another lap.
   *
   * @param progress what is said before its figure
   */
  void lap(Lab lab, Messages messages, Limits limits, String progress)
      throws IOException, InterruptedException {
    long entries = Math.min(limits.entries() * workers, contender.maxEntries());
    Lap lap = Lap.run(lab, contender, work, messages, entries, workers, limits.lap()).timed();
    laps.add(lap);
    lab.say(String.format(Locale.ROOT, "%s: %s: %,.0f entries/s", progress, this, lap.perSecond()));
  }

  double median(ToDoubleFunction<Lap> figure) {
    return median(laps.stream().mapToDouble(figure).toArray());
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The lowest and the highest ratio, within one round, to the best of the others. */
  String ratiosByRound(List<Racer> others) {
    double[] ratios = new double[laps.size()];
    for (int round = 0; round < ratios.length; round++) {
      int it = round;
      double best =
          others.stream().mapToDouble(other -> other.laps.get(it).perSecond()).max().orElseThrow();
      ratios[round] = laps.get(round).perSecond() / best;
    }
    Arrays.sort(ratios);
    return String.format(Locale.ROOT, "%.2f–%.2f", ratios[0], ratios[ratios.length - 1]);
  }

  /** Calls per entry in the first lap, the most frequent first. */
  String commands() {
    Lap lap = laps.getFirst();
    Map<String, Double> perEntry = new LinkedHashMap<>();
    lap.counters().calls().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(it -> perEntry.put(it.getKey(), (double) it.getValue() / lap.entries()));
    return perEntry.entrySet().stream()
        .filter(it -> it.getValue() >= 0.0005)
        .map(it -> String.format(Locale.ROOT, "%s %.4f", it.getKey(), it.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return "%s, %s, %d worker(s)".formatted(contender.name(), what, workers);
  }
}
