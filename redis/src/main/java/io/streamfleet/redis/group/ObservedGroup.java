package io.streamfleet.redis.group;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Redis reports about one consumer group at one moment. What it does not report is empty,
 * never zero.
 *
 * @param length entries in the stream
 * @param pending entries delivered and not acknowledged
 * @param lag entries not yet delivered. If there are some, Redis does not know how many after
 *     entries were deleted from the middle of the stream or the group was set to an arbitrary id
 *     (XINFO GROUPS, Redis 7.0), and reports too many after a failover
 * @param trimmed entries that were trimmed before the group read them, as long as it has not read
 *     any of the remaining ones
 * @param oldestUnread since the oldest undelivered entry was published; zero if all were delivered
 * @param oldest the pending entry with the lowest id; also empty when none is pending
 * @param consumers by name; which ones depends on the request
 * @param refused the error for a command that Redis refused, such as for a missing permission
 */
public record ObservedGroup(
    ConsumerGroup group,
    Presence presence,
    OptionalLong length,
    OptionalLong pending,
    OptionalLong lag,
    OptionalLong trimmed,
    Optional<Duration> oldestUnread,
    Optional<OldestPending> oldest,
    List<ObservedConsumer> consumers,
    Optional<String> refused) {

  /** Whether the group exists. */
  public enum Presence {
    PRESENT,
    /** The stream exists, the group does not. */
    NO_GROUP,
    NO_STREAM,
    /** Redis refused the command. */
    UNKNOWN
  }

  public ObservedGroup {
    consumers = List.copyOf(consumers);
  }

  /** Whether nothing waits in it. What nobody can tell counts as if something did. */
  public boolean isSettled() {
    return switch (presence) {
      case NO_STREAM -> true;
      case NO_GROUP -> length.orElse(1) == 0;
      case PRESENT -> pending.orElse(1) == 0 && oldestUnread.filter(Duration::isZero).isPresent();
      case UNKNOWN -> false;
    };
  }

  /** The oldest pending entry for a gauge, which falls to zero when nothing is pending. */
  public Optional<OldestPending> oldestOrNone() {
    return pending.equals(OptionalLong.of(0)) ? Optional.of(OldestPending.NONE) : oldest;
  }
}
