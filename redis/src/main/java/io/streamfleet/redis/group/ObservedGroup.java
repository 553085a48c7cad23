package io.streamfleet.redis.group;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Redis said of one consumer group at one moment. What it did not say is empty, never zero.
 *
 * @param length entries in the stream
 * @param pending entries delivered and not acknowledged
 * @param lag entries not yet delivered; where there are some, Redis does not know how many after
 *     entries were deleted from the middle of the stream, or the group was set to an arbitrary id
 *     (XINFO GROUPS, Redis 7.0), and after a failover says too many
 * @param trimmed entries that were trimmed away before the group read them, as long as it has read
 *     nothing that is left
 * @param oldestUnread since the oldest entry that was not delivered was published; zero where all
 *     was
 * @param oldest the pending entry of the lowest id; empty also when none is pending
 * @param consumers by name; how many are told depends on what was asked for
 * @param refused what Redis answered to a question that it did not take, such as a missing right
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

  /** Whether the group is there. */
  public enum Presence {
    PRESENT,
    /** The stream is there, the group is not. */
    NO_GROUP,
    NO_STREAM,
    /** Redis did not take the question. */
    UNKNOWN
  }

  public ObservedGroup {
    consumers = List.copyOf(consumers);
  }

  /**
   * The oldest pending entry as a gauge has it, which falls to zero when nothing waits any more.
   */
  public Optional<OldestPending> oldestOrNone() {
    return pending.equals(OptionalLong.of(0)) ? Optional.of(OldestPending.NONE) : oldest;
  }
}
