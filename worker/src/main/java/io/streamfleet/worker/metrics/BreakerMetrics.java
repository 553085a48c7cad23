package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The metrics of the breakers of endpoints. Thread-safe. */
public final class BreakerMetrics {

  private final Gauge open;
  private final Counter openings;

  BreakerMetrics(CollectorRegistry registry) {
    open =
        Gauge.build("streamfleet_breaker_open", "Whether an endpoint gets only probes.")
            .labelNames("endpoint")
            .register(registry);
    openings =
        Counter.build("streamfleet_breaker_opened_total", "How often a breaker opened.")
            .labelNames("endpoint", "cause")
            .withoutExemplars()
            .register(registry);
  }

  /**
   * Shows an endpoint.
   *
   * @param isOpen called at each scrape; must not block
   * @param causes the possible causes, whose series must exist before the first increase
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
