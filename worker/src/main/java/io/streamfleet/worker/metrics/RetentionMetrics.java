package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The metrics of streams that the fleet trims. Not thread-safe. */
public final class RetentionMetrics {

  private final Counter trimmed;
  private final Gauge oldestNeeded;

  /** The group of this fleet, by stream. */
  private final Map<String, String> own = new ConcurrentHashMap<>();

  /** The group that the gauge names, by stream. */
  private final Map<String, String> shown = new ConcurrentHashMap<>();

  RetentionMetrics(CollectorRegistry registry) {
    trimmed =
        Counter.build(
                "streamfleet_entries_trimmed_total",
                "Entries trimmed away, for no group needs them.")
            .labelNames("stream")
            .withoutExemplars()
            .register(registry);
    oldestNeeded =
        Gauge.build(
                "streamfleet_retention_oldest_needed_seconds",
                "Since the oldest entry was published that a group of the stream needs.")
            .labelNames("stream", "group")
            .register(registry);
  }

  /** Registers a stream from which nothing has been trimmed yet. */
  public void show(String stream, String group) {
    trimmed.labels(stream);
    own.put(stream, group);
    shown.put(stream, group);
    oldestNeeded.labels(stream, group);
  }

  /**
   * Counts what one call has trimmed.
   *
   * @param entries the number of removed entries
   * @param group the group that needs the oldest entry; empty if no group needs any
   * @param age the time since that entry was published
   */
  public void trimmed(String stream, long entries, String group, Duration age) {
    trimmed.labels(stream).inc((double) entries);
    String before = shown.getOrDefault(stream, "");
    String now = group.isEmpty() ? own.getOrDefault(stream, "") : group;
    if (!now.equals(before)) {
      oldestNeeded.remove(stream, before);
      shown.put(stream, now);
    }
    oldestNeeded.labels(stream, now).set(age.toMillis() / 1_000.0);
  }
}
