package io.streamfleet.commands.status;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the reasons why the entries of a group are not handled, from the data in Redis. */
final class Holdups {

  /**
   * From this share of {@code read.maxInFlight} on the workers count as full: they rarely reach the
   * limit, as some entries are always just being settled.
   */
  private static final double FULL = 0.9;

  private final StreamConsumerGroupSpec spec;

  Holdups(StreamConsumerGroupSpec spec) {
    this.spec = spec;
  }

  boolean isAlive(ObservedConsumer consumer) {
    return Consumers.isAlive(spec, consumer);
  }

  /** All reasons for a group, causes before effects. */
  List<String> of(
      ReadStream stream,
      ObservedGroup seen,
      Optional<PendingEntry> oldest,
      Optional<LimitUse> limit,
      Optional<String> writesRefused) {
    List<String> found = new ArrayList<>();
    switch (seen.presence()) {
      case NO_STREAM -> found.add("there is no such stream yet: nothing was published");
      case NO_GROUP -> found.add("there is no such group: a worker creates it when it starts");
      case UNKNOWN ->
          found.add("unknown: Redis refuses XINFO: " + seen.refused().orElse("no reason given"));
      case PRESENT -> {
        // The checks below.
      }
    }
    if (seen.presence() != Presence.PRESENT) {
      return found;
    }
    writesRefused.ifPresent(refusal -> found.add("Redis refuses writes: " + refusal));
    if (stream.paused()) {
      found.add("paused in the manifest");
    }
    boolean waits = seen.lag().orElse(1) > 0 && !isNone(seen.oldestUnread());
    boolean pends = seen.pending().orElse(0) > 0;
    List<ObservedConsumer> alive = seen.consumers().stream().filter(this::isAlive).toList();
    if (alive.isEmpty() && (waits || pends)) {
      found.add(nobody(seen));
    } else if (waits && isFull(alive)) {
      found.add(
          "handlers: each worker has about all "
              + Text.number(spec.read().maxInFlight())
              + " entries in flight that read.maxInFlight allows");
    }
    if (waits || pends) {
      limit.filter(LimitUse::isUsedUp).ifPresent(it -> found.add(it.reason()));
    }
    oldest
        .filter(it -> left(seen).compareTo(spec.autoclaim().minIdle()) > 0)
        .ifPresent(it -> found.add(stuck(it, seen)));
    if (seen.trimmed().orElse(0) > 0) {
      found.add(
          Text.number(seen.trimmed().getAsLong()) + " entries were trimmed before they were read");
    }
    return found;
  }

  private static boolean isNone(Optional<Duration> age) {
    return age.filter(Duration::isZero).isPresent();
  }

  /**
   * The time between the publication of the oldest pending entry and of the oldest unread entry. It
   * is at least about how long the pending entry has been pending while later entries were read.
   * Redis does not keep the time of the delivery: workers reset it when they renew their entries.
   */
  private static Duration left(ObservedGroup seen) {
    Duration published = seen.oldest().map(OldestPending::published).orElse(Duration.ZERO);
    return published.minus(seen.oldestUnread().orElse(Duration.ZERO));
  }

  private boolean isFull(List<ObservedConsumer> alive) {
    double room = (double) alive.size() * spec.read().maxInFlight();
    return alive.stream().mapToLong(ObservedConsumer::pending).sum() >= FULL * room;
  }

  private static String nobody(ObservedGroup seen) {
    return seen.consumers().stream()
        .flatMap(it -> it.idle().stream())
        .min(Comparator.naturalOrder())
        .map(idle -> "no worker: the last one called " + Text.age(idle) + " ago")
        .orElse("no worker: the group has no consumer");
  }

  private static String stuck(PendingEntry entry, ObservedGroup seen) {
    return "entry "
        + entry.id()
        + " is with "
        + entry.consumer()
        + " for about "
        + Text.age(left(seen))
        + " (delivered "
        + Text.times(entry.deliveries())
        + "); `why "
        + entry.id()
        + "` shows more";
  }
}
