package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.util.function.IntSupplier;

/** The metrics of the limits of pipelines. Thread-safe. */
public final class LimitMetrics {

  private final Gauge waiting;

  LimitMetrics(CollectorRegistry registry) {
    waiting =
        Gauge.build("streamfleet_limited", "Entries that wait because of limits.")
            .labelNames("loop")
            .register(registry);
  }

  /**
   * Shows how many entries of a pipeline wait because of limits.
   *
   * @param count called at each scrape; must not block
   */
  public void show(String loop, IntSupplier count) {
    waiting.setChild(
        new Gauge.Child() {
          @Override
          public double get() {
            return count.getAsInt();
          }
        },
        loop);
  }
}
