package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** Counts what became of the spans of recorded traces. Thread-safe. */
public final class SpanMetrics {

  private final Counter.Child exported;
  private final Counter.Child dropped;
  private final Counter.Child failed;

  SpanMetrics(CollectorRegistry registry) {
    Counter spans =
        Counter.build("streamfleet_spans_total", "Spans of recorded traces.")
            .labelNames("result")
            .withoutExemplars()
            .register(registry);
    exported = spans.labels("exported");
    dropped = spans.labels("dropped");
    failed = spans.labels("failed");
  }

  /** The collector has taken spans. */
  public void exported(int count) {
    exported.inc(count);
  }

  /** A span found the queue full. */
  public void dropped() {
    dropped.inc();
  }

  /** Spans could not be exported and are lost. */
  public void failed(int count) {
    failed.inc(count);
  }
}
