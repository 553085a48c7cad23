package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The state of pipelines, evaluated at each scrape. Values that the streams of a pipeline share
 * have one series for all of them, so that a sum does not count them several times.
 */
final class PipelineGauges extends Collector implements Collector.Describable {

  private static final List<String> OF_PIPELINE = List.of("loop");
  private static final List<String> OF_STREAM = List.of("loop", "stream", "group");

  private final List<Pipeline> pipelines = new CopyOnWriteArrayList<>();
  private final List<Retries> retries = new CopyOnWriteArrayList<>();
  private final List<Payloads> payloads = new CopyOnWriteArrayList<>();
  private final List<InFlight> streams = new CopyOnWriteArrayList<>();

  private record Pipeline(
      List<String> labels,
      IntSupplier limit,
      IntSupplier lanes,
      IntSupplier parked,
      IntSupplier refused) {}

  private record Retries(List<String> labels, IntSupplier parked) {}

  private record Payloads(List<String> labels, LongSupplier bytes, long limit) {}

  private record InFlight(List<String> labels, IntSupplier count, BooleanSupplier paused) {}

  synchronized void addPipeline(
      String loop, IntSupplier limit, IntSupplier lanes, IntSupplier parked, IntSupplier refused) {
    List<String> labels = List.of(loop);
    if (pipelines.stream().anyMatch(pipeline -> pipeline.labels().equals(labels))) {
      throw new IllegalArgumentException("the pipeline %s is shown already".formatted(loop));
    }
    pipelines.add(new Pipeline(labels, limit, lanes, parked, refused));
  }

  synchronized void addParkedRetries(String loop, IntSupplier parked) {
    retries.add(new Retries(List.of(loop), parked));
  }

  synchronized void addPayloads(String loop, LongSupplier bytes, long limit) {
    payloads.add(new Payloads(List.of(loop), bytes, limit));
  }

  synchronized void addInFlight(
      String loop, String stream, String group, IntSupplier inFlight, BooleanSupplier paused) {
    List<String> labels = List.of(loop, stream, group);
    if (streams.stream().anyMatch(shown -> shown.labels().equals(labels))) {
      throw new IllegalArgumentException(
          "stream %s and group %s of pipeline %s are shown already".formatted(stream, group, loop));
    }
    streams.add(new InFlight(labels, inFlight, paused));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Families families = new Families();
    for (Pipeline pipeline : pipelines) {
      families.limit.addMetric(pipeline.labels(), pipeline.limit().getAsInt());
      families.lanes.addMetric(pipeline.labels(), pipeline.lanes().getAsInt());
      families.parked.addMetric(pipeline.labels(), pipeline.parked().getAsInt());
      families.refused.addMetric(pipeline.labels(), pipeline.refused().getAsInt());
    }
    for (Retries waiting : retries) {
      families.retries.addMetric(waiting.labels(), waiting.parked().getAsInt());
    }
    for (Payloads payload : payloads) {
      families.bytes.addMetric(payload.labels(), (double) payload.bytes().getAsLong());
      families.bytesLimit.addMetric(payload.labels(), (double) payload.limit());
    }
    for (InFlight shown : streams) {
      families.inFlight.addMetric(shown.labels(), shown.count().getAsInt());
      families.paused.addMetric(shown.labels(), shown.paused().getAsBoolean() ? 1 : 0);
    }
    return families.all();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new Families().all();
  }

  private static final class Families {
    private final GaugeMetricFamily inFlight =
        new GaugeMetricFamily("streamfleet_in_flight", "Entries in flight.", OF_STREAM);
    private final GaugeMetricFamily paused =
        new GaugeMetricFamily(
            "streamfleet_paused",
            "1 while nothing is read from a stream because it is paused.",
            OF_STREAM);
    private final GaugeMetricFamily limit =
        new GaugeMetricFamily(
            "streamfleet_in_flight_limit", "The limit of entries in flight.", OF_PIPELINE);
    private final GaugeMetricFamily bytes =
        new GaugeMetricFamily(
            "streamfleet_payload_bytes", "Memory that payloads in flight use.", OF_PIPELINE);
    private final GaugeMetricFamily bytesLimit =
        new GaugeMetricFamily(
            "streamfleet_payload_limit_bytes",
            "The limit of payloads that all pipelines of a worker share.",
            OF_PIPELINE);
    private final GaugeMetricFamily lanes =
        new GaugeMetricFamily("streamfleet_lanes", "Channels with work in flight.", OF_PIPELINE);
    private final GaugeMetricFamily parked =
        new GaugeMetricFamily(
            "streamfleet_parked", "Parked entries that wait for their channel.", OF_PIPELINE);
    private final GaugeMetricFamily retries =
        new GaugeMetricFamily(
            "streamfleet_parked_retries",
            "Parked entries that wait for their next attempt.",
            OF_PIPELINE);

    private final GaugeMetricFamily refused =
        new GaugeMetricFamily(
            "streamfleet_lanes_refused",
            "Channels that are blocked because Redis refuses the key of their lock.",
            OF_PIPELINE);

    List<MetricFamilySamples> all() {
      return List.of(inFlight, paused, limit, bytes, bytesLimit, lanes, parked, retries, refused);
    }
  }
}
