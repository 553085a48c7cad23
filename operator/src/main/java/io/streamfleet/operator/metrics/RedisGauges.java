package io.streamfleet.operator.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.streamfleet.process.metrics.GroupFamilies;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.OldestPending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Exposes the last observation of each resource's Redis, also while no worker runs. What Redis did
 * not report has no sample; while Redis is unreachable only that is exposed. Thread-safe.
 */
final class RedisGauges extends Collector implements Collector.Describable {

  private static final List<String> RESOURCE = List.of("namespace", "name");
  private static final List<String> GROUP = List.of("namespace", "name", "stream", "group");

  private final ConcurrentMap<List<String>, RedisNumbers> seen = new ConcurrentHashMap<>();

  void show(String namespace, String name, RedisNumbers numbers) {
    seen.put(List.of(namespace, name), numbers);
  }

  void forget(String namespace, String name) {
    seen.remove(List.of(namespace, name));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Families families = new Families();
    seen.forEach(families::add);
    return families.all();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new Families().all();
  }

  private static final class Families {
    private final GroupFamilies groups = new GroupFamilies("streamfleet_operator_", GROUP);
    private final GaugeMetricFamily paused =
        groups.family("group_paused", "1 while the spec has the group's intake paused.", GROUP);
    private final GaugeMetricFamily withoutOwner =
        groups.family(
            "partitions_without_owner", "Partitions of a stream that no worker has.", GROUP);
    private final GaugeMetricFamily reachable =
        groups.family(
            "redis_reachable", "1 if the operator reaches the resource's Redis.", RESOURCE);
    private final GaugeMetricFamily writable =
        groups.family("redis_writable", "0 if the resource's Redis refuses all writes.", RESOURCE);
    private final GaugeMetricFamily deadLetters =
        groups.family("dead_letters", "Entries in the resource's dead-letter stream.", RESOURCE);
    private final GaugeMetricFamily deadLettersLimit =
        groups.family(
            "dead_letters_limit",
            "The length to which the dead-letter stream is trimmed; absent if all are kept.",
            RESOURCE);

    void add(List<String> resource, RedisNumbers numbers) {
      reachable.addMetric(resource, numbers.reachable() ? 1 : 0);
      if (!numbers.reachable()) {
        return;
      }
      writable.addMetric(resource, numbers.writable() ? 1 : 0);
      GroupFamilies.addKnown(deadLetters, resource, numbers.deadLetters());
      if (numbers.deadLettersLimit() > 0) {
        deadLettersLimit.addMetric(resource, (double) numbers.deadLettersLimit());
      }
      numbers
          .groups()
          .forEach(group -> add(resource, group, numbers.paused().contains(group.group())));
      numbers.partitions().forEach(partitions -> add(resource, partitions));
    }

    private void add(List<String> resource, ObservedPartitions partitions) {
      if (partitions.refused().isEmpty()) {
        withoutOwner.addMetric(
            labels(resource, partitions.group().whole()), partitions.withoutOwner().size());
      }
    }

    private static List<String> labels(List<String> resource, ConsumerGroup group) {
      List<String> labels = new ArrayList<>(resource);
      labels.add(group.stream());
      labels.add(group.group());
      return labels;
    }

    private void add(List<String> resource, ObservedGroup group, boolean isPaused) {
      List<String> labels = labels(resource, group.group());
      paused.addMetric(labels, isPaused ? 1 : 0);
      Optional<OldestPending> oldest = group.oldestOrNone();
      groups.add(
          labels,
          new GroupFamilies.Numbers(
              group.length(),
              group.pending(),
              group.lag(),
              group.trimmed(),
              group.oldestUnread(),
              oldest.map(OldestPending::published),
              oldest.map(OldestPending::delivered)));
    }

    List<MetricFamilySamples> all() {
      return groups.all();
    }
  }
}
