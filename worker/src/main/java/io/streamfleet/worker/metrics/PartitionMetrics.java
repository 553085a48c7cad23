package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What is shown of the partitions that this worker has. Any thread may call. */
public final class PartitionMetrics extends Collector implements Collector.Describable {

  private static final List<String> GROUP = List.of("stream", "group");
  private static final List<String> PARTITION = List.of("stream", "group", "partition");

  private final Counter moves;
  private final Counter split;
  private final Gauge splitter;
  private final List<Shown> shown = new CopyOnWriteArrayList<>();

  /** What becomes of a partition here. */
  public enum Move {
    ACQUIRED("acquired"),
    RELEASED("released"),
    LOST("lost");

    private final String label;

    Move(String label) {
      this.label = label;
    }
  }

  private record Shown(
      String stream, String group, Supplier<Map<Integer, Long>> epochs, LongSupplier waited) {}

  PartitionMetrics(CollectorRegistry registry) {
    moves =
        Counter.build("streamfleet_partition_moves_total", "Partitions that came or went.")
            .labelNames("stream", "group", "move")
            .withoutExemplars()
            .register(registry);
    split =
        Counter.build(
                "streamfleet_entries_split_total",
                "Entries moved from the plain stream to its partitions.")
            .labelNames("stream", "group")
            .withoutExemplars()
            .register(registry);
    splitter =
        Gauge.build("streamfleet_splitter_active", "1 if this worker splits the plain stream.")
            .labelNames("stream", "group")
            .register(registry);
    register(registry);
  }

  /** Shows a plain stream that this worker may split. */
  public void showSplitter(String stream, String group) {
    split.labels(stream, group);
    splits(stream, group, false);
  }

  /** Whether this worker splits a plain stream now. */
  public void splits(String stream, String group, boolean now) {
    splitter.labels(stream, group).set(now ? 1 : 0);
  }

  /** Entries were moved from a plain stream to a partition. */
  public void split(String stream, String group, long entries) {
    split.labels(stream, group).inc((double) entries);
  }

  /** A partition came or went. */
  public void moved(String stream, String group, Move move) {
    moves.labels(stream, group, move.label).inc();
  }

  /**
   * Shows the partitions of a stream. The suppliers are asked at each scrape; they must not block.
   *
   * @param epochs those that this worker has, with the epoch of the lease
   * @param waited for how many nanoseconds one has been assigned to this worker that it has not got
   */
  public void show(
      String stream, String group, Supplier<Map<Integer, Long>> epochs, LongSupplier waited) {
    for (Move move : Move.values()) {
      moves.labels(stream, group, move.label);
    }
    shown.add(new Shown(stream, group, epochs, waited));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily owned = owned();
    GaugeMetricFamily epoch = epoch();
    GaugeMetricFamily wait = awaited();
    for (Shown it : shown) {
      List<String> labels = List.of(it.stream(), it.group());
      Map<Integer, Long> epochs = it.epochs().get();
      owned.addMetric(labels, epochs.size());
      wait.addMetric(labels, it.waited().getAsLong() / NANOSECONDS_PER_SECOND);
      epochs.forEach(
          (partition, value) ->
              epoch.addMetric(
                  List.of(it.stream(), it.group(), Integer.toString(partition)), value));
    }
    return List.of(owned, epoch, wait);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(owned(), epoch(), awaited());
  }

  private static GaugeMetricFamily owned() {
    return new GaugeMetricFamily(
        "streamfleet_partitions_owned", "Partitions that this worker has.", GROUP);
  }

  private static GaugeMetricFamily epoch() {
    return new GaugeMetricFamily(
        "streamfleet_partition_epoch", "The epoch of the lease of a partition.", PARTITION);
  }

  private static GaugeMetricFamily awaited() {
    return new GaugeMetricFamily(
        "streamfleet_partition_wait_seconds",
        "For how long a partition has been assigned to this worker without being its.",
        GROUP);
  }
}
