package io.streamfleet.process.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The gauges of consumer groups in one scrape, and further ones of the same collector. An unknown
 * value has no sample. Not thread-safe.
 */
public final class GroupFamilies {

  private static final double MILLISECONDS_PER_SECOND = 1_000;

  private final String prefix;
  private final List<MetricFamilySamples> all = new ArrayList<>();
  private final GaugeMetricFamily length;
  private final GaugeMetricFamily pending;
  private final GaugeMetricFamily lag;
  private final GaugeMetricFamily trimmed;
  private final GaugeMetricFamily oldestUnread;
  private final GaugeMetricFamily published;
  private final GaugeMetricFamily delivered;

  /**
   * What is known about a group.
   *
   * @param length entries in the stream
   * @param pending entries delivered and not acknowledged
   * @param lag entries not yet delivered
   * @param trimmed entries trimmed before the group read them
   * @param oldestUnread since the oldest undelivered entry was published
   * @param published since the oldest pending entry was published
   * @param delivered since it was delivered
   */
  public record Numbers(
      OptionalLong length,
      OptionalLong pending,
      OptionalLong lag,
      OptionalLong trimmed,
      Optional<Duration> oldestUnread,
      Optional<Duration> published,
      Optional<Duration> delivered) {}

  /**
   * Creates the gauges without samples.
   *
   * @param prefix of all names, such as {@code streamfleet_}
   * @param labels of a group
   */
  public GroupFamilies(String prefix, List<String> labels) {
    this.prefix = prefix;
    length = family("stream_length", "Entries in the stream.", labels);
    pending = family("group_pending", "Entries delivered and not acknowledged.", labels);
    lag = family("group_lag", "Entries not yet delivered, where Redis knows it.", labels);
    trimmed =
        family(
            "group_trimmed_unread",
            "Entries trimmed before the group read them, until it reads again.",
            labels);
    oldestUnread =
        family(
            "group_oldest_unread_seconds",
            "Seconds since the oldest undelivered entry was published; 0 if all are delivered.",
            labels);
    published =
        family(
            "group_oldest_pending_published_seconds",
            "Seconds since the oldest pending entry was published.",
            labels);
    delivered =
        family(
            "group_oldest_pending_delivered_seconds",
            "Seconds since the oldest pending entry was delivered, as far as was observed.",
            labels);
  }

  /** Adds another gauge. */
  public GaugeMetricFamily family(String name, String help, List<String> labels) {
    GaugeMetricFamily family = new GaugeMetricFamily(prefix + name, help, labels);
    all.add(family);
    return family;
  }

  /** Adds the samples of a group. */
  public void add(List<String> labels, Numbers numbers) {
    addKnown(length, labels, numbers.length());
    addKnown(pending, labels, numbers.pending());
    addKnown(lag, labels, numbers.lag());
    addKnown(trimmed, labels, numbers.trimmed());
    addKnown(oldestUnread, labels, numbers.oldestUnread());
    addKnown(published, labels, numbers.published());
    addKnown(delivered, labels, numbers.delivered());
  }

  /** Adds a sample if the value is known. */
  public static void addKnown(GaugeMetricFamily family, List<String> labels, OptionalLong value) {
    value.ifPresent(known -> family.addMetric(labels, (double) known));
  }

  private static void addKnown(
      GaugeMetricFamily family, List<String> labels, Optional<Duration> age) {
    age.ifPresent(known -> family.addMetric(labels, known.toMillis() / MILLISECONDS_PER_SECOND));
  }

  /** All gauges, in order of creation. */
  public List<MetricFamilySamples> all() {
    return all;
  }
}
