package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/** The metric families that {@link StreamMetrics} takes its series from. */
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
        entries(registry, "read", "Entries that came in."),
        entries(registry, "acked", "Entries whose acknowledgement Redis took."),
        entries(registry, "retried", "Failed attempts that are followed by another."),
        entries(registry, "claimed", "Entries that sweeps took over from other consumers."),
        entries(registry, "claimed_deleted", "Pending entries whose payload was trimmed away."),
        entries(registry, "lost", "Entries in flight that turned out not to be ours any more."),
        entries(registry, "cancelled", "Entries that a user stopped."),
        Counter.build("streamfleet_handed_over_total", "Entries moved to their lock's holder.")
            .labelNames("stream", "group")
            .withoutExemplars()
            .register(registry),
        Counter.build("streamfleet_lock_lost_total", "Channel locks that were gone while in use.")
            .labelNames("stream")
            .withoutExemplars()
            .register(registry),
        Counter.build("streamfleet_group_lost_total", "How often the group was found gone.")
            .labelNames("stream", "group")
            .withoutExemplars()
            .register(registry),
        Counter.build("streamfleet_entries_dead_lettered_total", "Entries sent to dead letters.")
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
                "From wanting a channel's lock to holding it.")
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
