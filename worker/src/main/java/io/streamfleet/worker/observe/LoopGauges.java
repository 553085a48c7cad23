package io.streamfleet.worker.observe;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/** How long ago each loop turned, asked of them when Prometheus asks us. */
final class LoopGauges extends Collector implements Collector.Describable {

  private final Map<String, LongSupplier> nanosSinceTurn = new ConcurrentSkipListMap<>();

  void add(String loop, LongSupplier nanos) {
    if (nanosSinceTurn.putIfAbsent(loop, nanos) != null) {
      throw new IllegalArgumentException("the loop " + loop + " is shown already");
    }
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily lastTurn = family();
    nanosSinceTurn.forEach(
        (loop, nanos) ->
            lastTurn.addMetric(List.of(loop), nanos.getAsLong() / NANOSECONDS_PER_SECOND));
    return List.of(lastTurn);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(family());
  }

  private static GaugeMetricFamily family() {
    return new GaugeMetricFamily(
        "streamfleet_loop_last_turn_seconds", "Time since a loop last turned.", List.of("loop"));
  }
}
