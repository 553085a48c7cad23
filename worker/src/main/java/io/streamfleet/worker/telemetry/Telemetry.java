package io.streamfleet.worker.telemetry;

import io.streamfleet.api.Manifest;
import io.streamfleet.worker.metrics.SpanMetrics;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the recording of traces where the manifest or the environment asks for it. */
public final class Telemetry {

  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

  private Telemetry() {}

  /**
   * Starts it for this process. What is wrong with the settings is logged, and keeps no worker from
   * its messages.
   *
   * @param environment the variables of OpenTelemetry, which win over the manifest
   * @param consumer the consumer name of this worker
   * @param version of this worker
   */
  public static Tracing start(
      Manifest manifest,
      Map<String, String> environment,
      String consumer,
      String version,
      SpanMetrics metrics) {
    try {
      Optional<TelemetrySettings> settings =
          new OtelEnvironment(environment).settings(manifest.spec().telemetry());
      if (settings.isEmpty()) {
        return NoTracing.OFF;
      }
      // Only from here on are classes of OpenTelemetry loaded.
      Tracing tracing =
          SpanTracing.start(
              settings.get(),
              new TracedProcess(manifest.namespace(), manifest.name(), consumer, version),
              Destinations.of(manifest.spec()),
              metrics);
      LOG.atInfo()
          .addKeyValue("endpoint", settings.get().shownEndpoint())
          .addKeyValue("sample_ratio", settings.get().sampling().ratio())
          .log("recording traces");
      return tracing;
    } catch (IllegalArgumentException e) {
      LOG.atError().addKeyValue("problem", e.getMessage()).log("no traces are recorded");
      return NoTracing.OFF;
    }
  }
}
