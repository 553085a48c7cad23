package io.streamfleet.console.observe;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Durations that ended between two scrapes, as a histogram: how many took at most so long. */
final class Buckets {

  private final TreeMap<Double, Double> atMost = new TreeMap<>();

  /** Adds what a worker counted since its last scrape; a worker that restarted counts from 0. */
  void add(Map<String, Double> before, Map<String, Double> after) {
    boolean restarted =
        after.entrySet().stream()
            .anyMatch(it -> it.getValue() < before.getOrDefault(it.getKey(), 0.0));
    after.forEach(
        (bound, count) ->
            atMost.merge(
                bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
                restarted ? count : count - before.getOrDefault(bound, 0.0),
                Double::sum));
  }

  /** The upper bound of the bucket that has the quantile; empty if nothing ended. */
  OptionalDouble quantile(double q) {
    double all = atMost.isEmpty() ? 0 : atMost.lastEntry().getValue();
    if (all <= 0) {
      return OptionalDouble.empty();
    }
    double largest = 0;
    for (Map.Entry<Double, Double> bucket : atMost.entrySet()) {
      if (bucket.getValue() >= q * all) {
        return OptionalDouble.of(bucket.getKey().isInfinite() ? largest : bucket.getKey());
      }
      largest = bucket.getKey();
    }
    return OptionalDouble.of(largest);
  }
}
