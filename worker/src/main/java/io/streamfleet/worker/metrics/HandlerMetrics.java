package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The handler calls of one pipeline, timed by how they ended. Any thread may observe. */
public final class HandlerMetrics {

  private final Map<HandlerOutcome, Histogram.Child> byOutcome =
      new EnumMap<>(HandlerOutcome.class);

  HandlerMetrics(Histogram seconds, String direction, String loop) {
    for (HandlerOutcome outcome : HandlerOutcome.values()) {
      byOutcome.put(outcome, seconds.labels(direction, loop, outcome.label()));
    }
  }

  /**
   * One call of the handler ended.
   *
   * @param nanos how long it took, in nanoseconds
   */
  public void observe(HandlerOutcome outcome, long nanos) {
    Objects.requireNonNull(byOutcome.get(outcome))
        .observe(nanos / Collector.NANOSECONDS_PER_SECOND);
  }
}
