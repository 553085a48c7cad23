package io.streamfleet.operator.status;

import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.FleetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Remembers which observation of Redis the status of each resource shows, and since when. A new
 * observation is compared with what was written, or is about to be, and not with the previous
 * observation: small changes add up. Small differences are written as well once the written numbers
 * are old. Thread-safe.
 */
public final class WrittenNumbers {

  /**
   * No number in a status is wrong for longer than this, plus the time between two observations and
   * that of a write. It costs one write in this time for each busy resource.
   */
  static final Duration MAX_AGE = Duration.ofMinutes(2);

  private final Clock clock;
  private final ConcurrentMap<FleetId, RedisObservation> written = new ConcurrentHashMap<>();

  /** When the numbers in the status were last exact. */
  private final ConcurrentMap<FleetId, Instant> exactAt = new ConcurrentHashMap<>();

  /**
   * When a write was last requested because the numbers are old. A paused resource may not get that
   * write.
   */
  private final ConcurrentMap<FleetId, Instant> askedAt = new ConcurrentHashMap<>();

  public WrittenNumbers(Clock clock) {
    this.clock = clock;
  }

  /**
   * Whether an observation is worth a reconcile: somebody would act on the difference, or the
   * written numbers are old and wrong. For the same observation it returns true only once.
   *
   * @param before the previous observation, which counts if nothing was written yet
   */
  public boolean isNews(FleetId id, RedisObservation before, RedisObservation now) {
    RedisObservation last =
        before instanceof RedisObservation.Untried ? before : written.getOrDefault(id, before);
    if (Significance.differ(last, now) || isWrongForLong(id, last, now)) {
      written.put(id, now);
      return true;
    }
    return false;
  }

  private boolean isWrongForLong(FleetId id, RedisObservation last, RedisObservation now) {
    if (!(last instanceof RedisObservation.Seen before)
        || !(now instanceof RedisObservation.Seen seen)) {
      return false;
    }
    if (Numbers.of(before).matches(Numbers.of(seen)) || !isOld(id)) {
      return false;
    }
    Instant moment = clock.instant();
    Instant lastRequest = askedAt.get(id);
    boolean again = lastRequest == null || !moment.isBefore(lastRequest.plus(MAX_AGE));
    if (again) {
      askedAt.put(id, moment);
    }
    return again;
  }

  /** Whether the written numbers are old, so that any wrong number has to be written. */
  public boolean isOld(FleetId id) {
    Instant now = clock.instant();
    Instant last = exactAt.putIfAbsent(id, now);
    return last != null && !now.isBefore(last.plus(MAX_AGE));
  }

  /** Called with a new status: if it has the numbers of the observation, they count as written. */
  public void reported(FleetId id, StreamConsumerGroupStatus status, RedisObservation observation) {
    if (observation instanceof RedisObservation.Seen seen
        && Numbers.of(status).sameCounts(Numbers.of(seen))) {
      written.put(id, seen);
      exactAt.put(id, clock.instant());
    }
  }

  /** Called when the resource is gone. */
  public void forget(FleetId id) {
    written.remove(id);
    exactAt.remove(id);
    askedAt.remove(id);
  }
}
