package io.streamfleet.operator.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.OldestPending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Shows what was last seen of each resource's Redis, also where no worker runs that could. What
 * Redis did not say has no sample; while it is away nothing but that is shown. Any thread may call.
 */
final class RedisGauges extends Collector implements Collector.Describable {

  private static final List<String> RESOURCE = List.of("namespace", "name");
  private static final List<String> GROUP = List.of("namespace", "name", "stream", "group");
  private static final double MILLISECONDS = 1_000;
  private static final OptionalLong NOTHING = OptionalLong.of(0);

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
    return families.all;
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new Families().all;
  }

  private static final class Families {
    private final List<MetricFamilySamples> all = new ArrayList<>();
    private final GaugeMetricFamily reachable =
        family("redis_reachable", "1 if the operator reaches the resource's Redis.", RESOURCE);
    private final GaugeMetricFamily writable =
        family("redis_writable", "0 if the resource's Redis refuses all writes.", RESOURCE);
    private final GaugeMetricFamily deadLetters =
        family("dead_letters", "Entries in the resource's dead-letter stream.", RESOURCE);
    private final GaugeMetricFamily deadLettersLimit =
        family(
            "dead_letters_limit",
            "From how many on the oldest dead letters go; absent where all are kept.",
            RESOURCE);
    private final GaugeMetricFamily length =
        family("stream_length", "Entries in the stream.", GROUP);
    private final GaugeMetricFamily lag =
        family("group_lag", "Entries not yet delivered, where Redis knows it.", GROUP);
    private final GaugeMetricFamily trimmed =
        family(
            "group_trimmed_unread",
            "Entries trimmed away before the group read them, until it reads on.",
            GROUP);
    private final GaugeMetricFamily pending =
        family("group_pending", "Entries delivered and not acknowledged.", GROUP);
    private final GaugeMetricFamily published =
        family(
            "group_oldest_pending_published_seconds",
            "Since the oldest pending entry was published.",
            GROUP);
    private final GaugeMetricFamily delivered =
        family(
            "group_oldest_pending_delivered_seconds",
            "Since the oldest pending entry was delivered, as far as was seen.",
            GROUP);

    private GaugeMetricFamily family(String name, String help, List<String> labels) {
      GaugeMetricFamily family =
          new GaugeMetricFamily("streamfleet_operator_" + name, help, labels);
      all.add(family);
      return family;
    }

    void add(List<String> resource, RedisNumbers numbers) {
      reachable.addMetric(resource, numbers.reachable() ? 1 : 0);
      if (!numbers.reachable()) {
        return;
      }
      writable.addMetric(resource, numbers.writable() ? 1 : 0);
      addKnown(deadLetters, resource, numbers.deadLetters());
      if (numbers.deadLettersLimit() > 0) {
        deadLettersLimit.addMetric(resource, (double) numbers.deadLettersLimit());
      }
      numbers.groups().forEach(group -> add(resource, group));
    }

    private void add(List<String> resource, ObservedGroup group) {
      List<String> labels = new ArrayList<>(resource);
      labels.add(group.group().stream());
      labels.add(group.group().group());
      addKnown(length, labels, group.length());
      addKnown(lag, labels, group.lag());
      addKnown(trimmed, labels, group.trimmed());
      addKnown(pending, labels, group.pending());
      Optional<OldestPending> oldest =
          group.pending().equals(NOTHING) ? Optional.of(OldestPending.NONE) : group.oldest();
      oldest.ifPresent(
          it -> {
            published.addMetric(labels, it.published().toMillis() / MILLISECONDS);
            delivered.addMetric(labels, it.delivered().toMillis() / MILLISECONDS);
          });
    }

    private static void addKnown(
        GaugeMetricFamily family, List<String> labels, OptionalLong value) {
      value.ifPresent(known -> family.addMetric(labels, (double) known));
    }
  }
}
