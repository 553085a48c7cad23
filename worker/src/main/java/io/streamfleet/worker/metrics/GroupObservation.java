package io.streamfleet.worker.metrics;

import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of a consumer group at one moment. Values that Redis did not return are empty, never
 * zero.
 *
 * @param length entries in the stream
 * @param pending entries delivered and not acknowledged
 * @param lag entries not yet delivered; unknown to Redis after entries were deleted from the middle
 *     of the stream, or the group was set to an arbitrary id (XINFO GROUPS, Redis 7.0)
 * @param trimmed entries that were trimmed before the group read them, until it reads further
 * @param oldestUnread the age of the oldest entry that was not delivered; zero if there is none
 * @param oldest the pending entry with the lowest id
 * @param deadLetters entries in the dead-letter stream of this group, which groups may share
 * @param pendingByConsumer pending entries of the consumers to export
 */
public record GroupObservation(
    String stream,
    String group,
    OptionalLong length,
    OptionalLong pending,
    OptionalLong lag,
    OptionalLong trimmed,
    Optional<Duration> oldestUnread,
    Optional<OldestPending> oldest,
    OptionalLong deadLetters,
    Map<String, Long> pendingByConsumer) {

  public GroupObservation {
    pendingByConsumer = Map.copyOf(pendingByConsumer);
  }
}
