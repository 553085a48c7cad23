package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.streamfleet.process.log.Logging;

/** The metrics of the process: its log and its version. */
final class ProcessSeries {

  private ProcessSeries() {}

  static void register(CollectorRegistry registry, String version) {
    Counter.build(
            "streamfleet_log_lines_dropped_total",
            "Lines of the log that were dropped because they were not read in time.")
        .withoutExemplars()
        .register(registry)
        .setChild(
            new Counter.Child() {
              @Override
              public double get() {
                return Logging.dropped();
              }
            });
    Gauge.build("streamfleet_build_info", "The version of worker and Java; always 1.")
        .labelNames("version", "java")
        .register(registry)
        .labels(version, Runtime.version().toString())
        .set(1);
  }
}
