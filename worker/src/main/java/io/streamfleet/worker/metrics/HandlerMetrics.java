package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Histogram;
import io.streamfleet.handler.TraceContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One pipeline's handler calls: durations by outcome, and sizes of batches. Thread-safe. */
public final class HandlerMetrics {

  private final Map<HandlerOutcome, Histogram.Child> byOutcome =
      new EnumMap<>(HandlerOutcome.class);

  private final Histogram.Child batchSizes;

  HandlerMetrics(Histogram seconds, Histogram batchSizes, String direction, String loop) {
    this.batchSizes = batchSizes.labels(direction, loop);
    for (HandlerOutcome outcome : HandlerOutcome.values()) {
      byOutcome.put(outcome, seconds.labels(direction, loop, outcome.label()));
    }
  }

  /**
   * Records a call of the handler that has ended.
   *
   * @param nanos its duration in nanoseconds
   * @param recorded its position in a trace that is recorded, or null
   */
  public void observe(HandlerOutcome outcome, long nanos, @Nullable TraceContext recorded) {
    Exemplars.observe(
        Objects.requireNonNull(byOutcome.get(outcome)),
        nanos / Collector.NANOSECONDS_PER_SECOND,
        recorded);
  }

  /**
   * Records a batch that is sent.
   *
   * @param messages how many it has
   */
  public void batch(int messages) {
    batchSizes.observe(messages);
  }
}
