package io.streamfleet.worker.observe;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Which streams are paused, asked of their pipelines when Prometheus asks us. */
final class PausedGauge extends Collector implements Collector.Describable {

  private final List<Stream> streams = new CopyOnWriteArrayList<>();

  private record Stream(List<String> labels, BooleanSupplier paused) {}

  void add(String loop, String stream, String group, BooleanSupplier paused) {
    streams.add(new Stream(List.of(loop, stream, group), paused));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily family = family();
    for (Stream stream : streams) {
      family.addMetric(stream.labels(), stream.paused().getAsBoolean() ? 1 : 0);
    }
    return List.of(family);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(family());
  }

  private static GaugeMetricFamily family() {
    return new GaugeMetricFamily(
        "streamfleet_paused",
        "1 while nothing is taken in of a stream, since it is paused.",
        List.of("loop", "stream", "group"));
  }
}
