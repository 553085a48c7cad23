package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What is shown of the breakers of endpoints. Any thread may call. */
public final class BreakerMetrics {

  private final Gauge open;
  private final Counter openings;

  BreakerMetrics(CollectorRegistry registry) {
    open =
        Gauge.build("streamfleet_breaker_open", "Whether an endpoint gets nothing but probes.")
            .labelNames("endpoint")
            .register(registry);
    openings =
        Counter.build("streamfleet_breaker_opened_total", "How often an endpoint was given up.")
            .labelNames("endpoint", "cause")
            .withoutExemplars()
            .register(registry);
  }

  /**
   * Shows an endpoint.
   *
   * @param isOpen asked at each scrape; must not block
   * @param causes why it may open: an increase shows only in a series that was there before
   */
  public void show(String endpoint, BooleanSupplier isOpen, List<String> causes) {
    open.setChild(
        new Gauge.Child() {
          @Override
          public double get() {
            return isOpen.getAsBoolean() ? 1 : 0;
          }
        },
        endpoint);
    causes.forEach(cause -> openings.labels(endpoint, cause));
  }

  /** A breaker opened. */
  public void opened(String endpoint, String cause) {
    openings.labels(endpoint, cause).inc();
  }
}
