package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.function.BooleanSupplier;

/** What is shown of entries that may kill who handles them. Any thread may call. */
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
                "streamfleet_suspects_total", "Entries that were begun when who handled them died.")
            .labelNames("of")
            .withoutExemplars()
            .register(registry);
    for (Of of : Of.values()) {
      suspected.labels(of.label);
    }
    trial =
        Gauge.build("streamfleet_trial", "Whether such entries are tried apart from all others.")
            .register(registry);
  }

  /** Entries are suspected of a death. */
  public void suspected(Of of, int count) {
    suspected.labels(of.label).inc(count);
  }

  /**
   * Shows whether suspects are tried.
   *
   * @param isOn asked at each scrape; must not block
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
