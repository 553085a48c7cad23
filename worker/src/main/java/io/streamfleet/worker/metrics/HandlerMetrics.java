package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The durations of one pipeline's handler calls, by outcome. Thread-safe. */
public final class HandlerMetrics {

  private final Map<HandlerOutcome, Histogram.Child> byOutcome =
      new EnumMap<>(HandlerOutcome.class);

  HandlerMetrics(Histogram seconds, String direction, String loop) {
    for (HandlerOutcome outcome : HandlerOutcome.values()) {
      byOutcome.put(outcome, seconds.labels(direction, loop, outcome.label()));
    }
  }

  /**
   * Records a call of the handler that has ended.
   *
   * @param nanos its duration in nanoseconds
   */
  public void observe(HandlerOutcome outcome, long nanos) {
    Objects.requireNonNull(byOutcome.get(outcome))
        .observe(nanos / Collector.NANOSECONDS_PER_SECOND);
  }
}
