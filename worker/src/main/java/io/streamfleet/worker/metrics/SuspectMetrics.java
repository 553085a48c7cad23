package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.function.BooleanSupplier;

/** The metrics of suspects and trials. Thread-safe. */
public final class SuspectMetrics {

  /** What died. */
  public enum Of {
    WORKER("worker"),
    ENDPOINT("endpoint");

    private final String label;

    Of(String label) {
      this.label = label;
    }
  }

  private final Counter suspected;
  private final Gauge trial;

  SuspectMetrics(CollectorRegistry registry) {
    suspected =
        Counter.build(
                "streamfleet_suspects_total",
                "Entries whose handler was running when the worker or endpoint died.")
            .labelNames("of")
            .withoutExemplars()
            .register(registry);
    for (Of of : Of.values()) {
      suspected.labels(of.label);
    }
    trial =
        Gauge.build("streamfleet_trial", "Whether suspects are tried apart from all other entries.")
            .register(registry);
  }

  /** Entries became suspects. */
  public void suspected(Of of, int count) {
    suspected.labels(of.label).inc(count);
  }

  /**
   * Shows whether suspects are tried.
   *
   * @param isOn called at each scrape; must not block
   */
  public void showTrial(BooleanSupplier isOn) {
    trial.setChild(
        new Gauge.Child() {
          @Override
          public double get() {
            return isOn.getAsBoolean() ? 1 : 0;
          }
        });
  }
}
