package io.streamfleet.redis.group;

import java.time.Duration;

/**
 * The pending entry of the lowest id.
 *
 * @param published since its id, by the server's clock: while a backlog is worked off it is large
 *     for an entry that was read a second ago
 * @param delivered since it was delivered, as far as was seen: at least since it was last delivered
 *     or renewed, and for as long as this very entry has been seen to be the oldest one. An entry
 *     that nobody settles makes it grow, whoever renews it or takes it over meanwhile
 */
public record OldestPending(Duration published, Duration delivered) {

  /** Where nothing is pending, nothing is old. */
  public static final OldestPending NONE = new OldestPending(Duration.ZERO, Duration.ZERO);
}
