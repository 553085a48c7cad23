package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.streamfleet.process.metrics.GroupFamilies;
import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Exports the last observation of the groups, as long as it is recent. Values that Redis did not
 * return have no sample, and without a recent observation there are no samples at all: a gap in a
 * graph is correct, and an alert on absence can detect it, unlike a value that does not change any
 * more.
 *
 * <p>One thread publishes, any thread may scrape.
 */
public final class GroupGauges extends Collector implements Collector.Describable {

  private static final List<String> GROUP = List.of("stream", "group");
  private static final List<String> CONSUMER = List.of("stream", "group", "consumer");

  private final long staleAfterNanos;
  private final LongSupplier nanoClock;
  private volatile Snapshot latest;

  private record Snapshot(List<GroupObservation> groups, long takenAt) {}

  /**
   * @param staleAfter how old an observation may be and still be exported
   * @param nanoClock such as {@code System::nanoTime}
   */
  public GroupGauges(Duration staleAfter, LongSupplier nanoClock) {
    this.staleAfterNanos = staleAfter.toNanos();
    this.nanoClock = nanoClock;
    latest = new Snapshot(List.of(), nanoClock.getAsLong());
  }

  /**
   * Replaces the last observation. Groups that could not be queried are left out.
   *
   * @throws IllegalArgumentException if a stream and group occur twice
   */
  public void publish(List<GroupObservation> groups) {
    Set<List<String>> seen = new HashSet<>();
    for (GroupObservation observed : groups) {
      if (!seen.add(List.of(observed.stream(), observed.group()))) {
        throw new IllegalArgumentException(
            "stream %s and group %s were observed twice in one round"
                .formatted(observed.stream(), observed.group()));
      }
    }
    latest = new Snapshot(List.copyOf(groups), nanoClock.getAsLong());
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Snapshot shown = latest;
    Families families = new Families();
    if (nanoClock.getAsLong() - shown.takenAt() <= staleAfterNanos) {
      shown.groups().forEach(families::add);
    }
    return families.all();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new Families().all();
  }

  private static final class Families {
    private final GroupFamilies groups = new GroupFamilies("streamfleet_", GROUP);
    private final GaugeMetricFamily deadLetters =
        groups.family("dead_letters", "Entries in the group's dead-letter stream.", GROUP);
    private final GaugeMetricFamily consumerPending =
        groups.family("consumer_pending", "Entries pending for a consumer.", CONSUMER);

    void add(GroupObservation observed) {
      List<String> labels = List.of(observed.stream(), observed.group());
      groups.add(
          labels,
          new GroupFamilies.Numbers(
              observed.length(),
              observed.pending(),
              observed.lag(),
              observed.trimmed(),
              observed.oldestUnread(),
              observed.oldest().map(OldestPending::published),
              observed.oldest().map(OldestPending::delivered)));
      GroupFamilies.addKnown(deadLetters, labels, observed.deadLetters());
      observed
          .pendingByConsumer()
          .forEach(
              (consumer, entries) ->
                  consumerPending.addMetric(
                      List.of(observed.stream(), observed.group(), consumer), entries));
    }

    List<MetricFamilySamples> all() {
      return groups.all();
    }
  }
}
