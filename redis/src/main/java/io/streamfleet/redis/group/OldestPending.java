package io.streamfleet.redis.group;

import java.time.Duration;

/**
 * The pending entry with the lowest id.
 *
 * @param published since its id was assigned, by the server's clock: in a backlog it is large even
 *     for an entry that was read a second ago
 * @param delivered since it was delivered, as far as was observed: at least since its last delivery
 *     or renewal, and for as long as this entry has been observed as the oldest. It grows for an
 *     entry that nobody settles, even if it is renewed or claimed meanwhile
 */
public record OldestPending(Duration published, Duration delivered) {

  /** For a group without pending entries. */
  public static final OldestPending NONE = new OldestPending(Duration.ZERO, Duration.ZERO);
}
