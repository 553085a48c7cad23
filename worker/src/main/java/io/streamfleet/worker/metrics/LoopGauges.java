package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/** A duration of each loop, evaluated at each scrape. */
final class LoopGauges extends Collector implements Collector.Describable {

  private final String name;
  private final String help;
  private final Map<String, LongSupplier> nanosOfLoop = new ConcurrentSkipListMap<>();

  LoopGauges(String name, String help) {
    this.name = name;
    this.help = help;
  }

  void add(String loop, LongSupplier nanos) {
    if (nanosOfLoop.putIfAbsent(loop, nanos) != null) {
      throw new IllegalArgumentException("the loop " + loop + " is shown already");
    }
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily times = family();
    nanosOfLoop.forEach(
        (loop, nanos) ->
            times.addMetric(List.of(loop), nanos.getAsLong() / NANOSECONDS_PER_SECOND));
    return List.of(times);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(family());
  }

  private GaugeMetricFamily family() {
    return new GaugeMetricFamily(name, help, List.of("loop"));
  }
}
