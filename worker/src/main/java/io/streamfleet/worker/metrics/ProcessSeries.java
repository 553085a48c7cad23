package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.streamfleet.process.log.Logging;

/** What is shown of the process itself: its log, and what it is. */
final class ProcessSeries {

  private ProcessSeries() {}

  static void register(CollectorRegistry registry, String version) {
    Counter.build(
            "streamfleet_log_lines_dropped_total", "Lines of the log that nobody read in time.")
        .withoutExemplars()
        .register(registry)
        .setChild(
            new Counter.Child() {
              @Override
              public double get() {
                return Logging.dropped();
              }
            });
    Gauge.build("streamfleet_build_info", "What is running; always 1.")
        .labelNames("version", "java")
        .register(registry)
        .labels(version, Runtime.version().toString())
        .set(1);
  }
}
