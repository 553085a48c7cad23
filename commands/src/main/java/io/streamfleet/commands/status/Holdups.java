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

/** What keeps the entries of a group from being handled, as far as Redis can tell. */
final class Holdups {

  /** In flight at so much of the limit: a worker rarely has all of it, for some is settled. */
  private static final double FULL = 0.9;

  private final StreamConsumerGroupSpec spec;

  Holdups(StreamConsumerGroupSpec spec) {
    this.spec = spec;
  }

  boolean isAlive(ObservedConsumer consumer) {
    return Consumers.isAlive(spec, consumer);
  }

  /** All of a group, the cause before the effect. */
  List<String> of(
      ReadStream stream,
      ObservedGroup seen,
      Optional<PendingEntry> oldest,
      Optional<String> writesRefused) {
    List<String> found = new ArrayList<>();
    switch (seen.presence()) {
      case NO_STREAM -> found.add("there is no such stream yet: nothing was published");
      case NO_GROUP -> found.add("there is no such group: a worker makes it when it starts");
      case UNKNOWN ->
          found.add("Redis does not tell: " + seen.refused().orElse("it refused the question"));
      case PRESENT -> {
        // What follows.
      }
    }
    if (seen.presence() != Presence.PRESENT) {
      return found;
    }
    writesRefused.ifPresent(refusal -> found.add("Redis takes no writes: " + refusal));
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
    oldest
        .filter(it -> left(seen).compareTo(spec.autoclaim().minIdle()) > 0)
        .ifPresent(it -> found.add(stuck(it, seen)));
    if (seen.trimmed().orElse(0) > 0) {
      found.add(
          Text.number(seen.trimmed().getAsLong())
              + " entries were trimmed away before they were read");
    }
    return found;
  }

  private static boolean isNone(Optional<Duration> age) {
    return age.filter(Duration::isZero).isPresent();
  }

  /**
   * For how long the oldest pending entry has been left behind by those that came after it. Redis
   * keeps no time of delivery: who has an entry in flight renews it. But what was published so long
   * after it was read, and it is pending still.
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
        + "` tells more";
  }
}
