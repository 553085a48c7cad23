package io.streamfleet.worker.metrics;

import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Redis said of one consumer group at one moment. What it did not say is empty, never zero.
 *
 * @param length entries in the stream
 * @param pending entries delivered and not acknowledged
 * @param lag entries not yet delivered; Redis does not know it after entries were deleted from the
 *     middle of the stream, or the group was set to an arbitrary id (XINFO GROUPS, Redis 7.0)
 * @param trimmed entries that were trimmed away before the group read them, until it reads on
 * @param oldestUnread since the oldest entry not yet delivered was published; zero where all are
 * @param oldest the pending entry of the lowest id
 * @param deadLetters entries in the dead-letter stream of this group, which groups may share
 * @param pendingByConsumer pending entries of the consumers that are to be shown
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
