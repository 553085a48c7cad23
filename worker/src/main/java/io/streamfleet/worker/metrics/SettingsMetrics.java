package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;

/** The metrics of the settings in force. */
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
   * Sets the metrics.
   *
   * @param version the version of the manifest that is in force
   * @param bad whether the file cannot be used now
   */
  public void show(String version, boolean bad) {
    info.clear();
    info.labels(version).set(1);
    refused.set(bad ? 1 : 0);
  }
}
