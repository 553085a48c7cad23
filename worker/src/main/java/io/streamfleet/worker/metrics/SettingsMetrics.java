package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;

/** Which settings a worker runs by. */
public final class SettingsMetrics {

  private final Gauge info;
  private final Gauge refused;

  public SettingsMetrics(CollectorRegistry registry) {
    info =
        Gauge.build("streamfleet_settings_info", "The version of the manifest in force; always 1.")
            .labelNames("version")
            .register(registry);
    refused =
        Gauge.build(
                "streamfleet_settings_refused",
                "1 while the manifest's file cannot be used and older settings are in force.")
            .register(registry);
  }

  /**
   * Shows how it stands.
   *
   * @param version of the manifest that is in force
   * @param bad whether what the file holds now cannot be used
   */
  public void show(String version, boolean bad) {
    info.clear();
    info.labels(version).set(1);
    refused.set(bad ? 1 : 0);
  }
}
