package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/** The metric families of {@link StreamMetrics}. */
record EntryFamilies(
    Counter read,
    Counter acked,
    Counter retried,
    Counter claimed,
    Counter claimedDeleted,
    Counter lost,
    Counter cancelled,
    Counter handedOver,
    Counter lockLost,
    Counter groupLost,
    Counter deadLettered,
    Histogram endToEnd,
    Histogram lockWait) {

  static EntryFamilies register(CollectorRegistry registry) {
    return new EntryFamilies(
        entries(registry, "read", "Entries that were read."),
        entries(registry, "acked", "Entries that were acknowledged."),
        entries(registry, "retried", "Failed attempts that are followed by another."),
        entries(registry, "claimed", "Entries that sweeps claimed from other consumers."),
        entries(registry, "claimed_deleted", "Pending entries whose payload was trimmed away."),
        entries(registry, "lost", "Entries in flight that another consumer claimed or settled."),
        entries(registry, "cancelled", "Entries that a user cancelled."),
        Counter.build(
                "streamfleet_handed_over_total", "Entries handed over to the holder of their lock.")
            .labelNames("stream", "group")
            .withoutExemplars()
            .register(registry),
        Counter.build("streamfleet_lock_lost_total", "Channel locks that were lost while in use.")
            .labelNames("stream")
            .withoutExemplars()
            .register(registry),
        Counter.build("streamfleet_group_lost_total", "How often the group was lost.")
            .labelNames("stream", "group")
            .withoutExemplars()
            .register(registry),
        Counter.build(
                "streamfleet_entries_dead_lettered_total", "Entries that became dead letters.")
            .labelNames("stream", "group", "reason")
            .withoutExemplars()
            .register(registry),
        Histogram.build(
                "streamfleet_end_to_end_seconds", "From an entry's id to its acknowledgement.")
            .labelNames("stream")
            .buckets(Seconds.bounds())
            .withoutExemplars()
            .register(registry),
        Histogram.build(
                "streamfleet_channel_lock_wait_seconds",
                "From requesting a channel's lock to holding it.")
            .labelNames("stream")
            .buckets(Seconds.bounds())
            .withoutExemplars()
            .register(registry));
  }

  private static Counter entries(CollectorRegistry registry, String what, String help) {
    return Counter.build("streamfleet_entries_" + what + "_total", help)
        .labelNames("stream", "group")
        .withoutExemplars()
        .register(registry);
  }
}
