package io.streamfleet.worker.observe;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

/** What pipelines hold at this moment, asked of them when Prometheus asks us. */
final class PipelineGauges extends Collector implements Collector.Describable {

  private static final List<String> LABELS = List.of("stream", "group");

  private final List<Pipeline> pipelines = new CopyOnWriteArrayList<>();

  private record Pipeline(
      List<String> labels,
      IntSupplier inFlight,
      int limit,
      IntSupplier lanes,
      IntSupplier parked) {}

  synchronized void add(
      String stream,
      String group,
      IntSupplier inFlight,
      int limit,
      IntSupplier lanes,
      IntSupplier parked) {
    List<String> labels = List.of(stream, group);
    if (pipelines.stream().anyMatch(pipeline -> pipeline.labels().equals(labels))) {
      throw new IllegalArgumentException(
          "the pipeline of stream %s and group %s is shown already".formatted(stream, group));
    }
    pipelines.add(new Pipeline(labels, inFlight, limit, lanes, parked));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Families families = new Families();
    for (Pipeline pipeline : pipelines) {
      families.inFlight.addMetric(pipeline.labels(), pipeline.inFlight().getAsInt());
      families.limit.addMetric(pipeline.labels(), pipeline.limit());
      families.lanes.addMetric(pipeline.labels(), pipeline.lanes().getAsInt());
      families.parked.addMetric(pipeline.labels(), pipeline.parked().getAsInt());
    }
    return families.all();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new Families().all();
  }

  private static final class Families {
    private final GaugeMetricFamily inFlight =
        new GaugeMetricFamily("streamfleet_in_flight", "Entries that take up credit.", LABELS);
    private final GaugeMetricFamily limit =
        new GaugeMetricFamily(
            "streamfleet_in_flight_limit", "The credit that entries may take up.", LABELS);
    private final GaugeMetricFamily lanes =
        new GaugeMetricFamily("streamfleet_lanes", "Channels with work in hand.", LABELS);
    private final GaugeMetricFamily parked =
        new GaugeMetricFamily(
            "streamfleet_parked", "Entries that wait behind a lock that isn't ours.", LABELS);

    List<MetricFamilySamples> all() {
      return List.of(inFlight, limit, lanes, parked);
    }
  }
}
