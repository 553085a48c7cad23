package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.util.function.BooleanSupplier;

/** Gauges that are 1 or 0, evaluated at each scrape. */
final class Flags {

  private Flags() {}

  static void show(CollectorRegistry registry, String name, String help, BooleanSupplier value) {
    Gauge.build(name, help)
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return value.getAsBoolean() ? 1 : 0;
              }
            });
  }
}
