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
 * What resources tell of Redis, and since when. A look is compared with what was written, or is
 * about to be, and never with the look before: small steps add up. Numbers that differ by less than
 * anybody would act on are written all the same once those that are told are old. Any thread may
 * ask.
 */
public final class WrittenNumbers {

  /**
   * No number that a resource tells is wrong for longer, save for the time between two looks and
   * that of a write. One write in this time for each busy resource is what it costs.
   */
  static final Duration OLDEST = Duration.ofMinutes(2);

  private final Clock clock;
  private final ConcurrentMap<FleetId, RedisObservation> news = new ConcurrentHashMap<>();

  /** When what is told was last written as it was then. */
  private final ConcurrentMap<FleetId, Instant> exactAt = new ConcurrentHashMap<>();

  /** When it was last asked for since it was old: a resource may be one that is not written to. */
  private final ConcurrentMap<FleetId, Instant> askedAt = new ConcurrentHashMap<>();

  public WrittenNumbers(Clock clock) {
    this.clock = clock;
  }

  /**
   * Whether a look is worth a report: somebody would act on the difference, or what is told is old
   * and not right any more. Asked twice about the same, it says so once.
   *
   * @param before the look before, which counts where nothing was told yet
   */
  public boolean isNews(FleetId id, RedisObservation before, RedisObservation now) {
    RedisObservation last =
        before instanceof RedisObservation.Untried ? before : news.getOrDefault(id, before);
    if (Significance.differ(last, now) || isWrongForLong(id, last, now)) {
      news.put(id, now);
      return true;
    }
    return false;
  }

  private boolean isWrongForLong(FleetId id, RedisObservation last, RedisObservation now) {
    if (!(last instanceof RedisObservation.Seen told)
        || !(now instanceof RedisObservation.Seen seen)) {
      return false;
    }
    if (Numbers.of(told).tells(Numbers.of(seen)) || !isOld(id)) {
      return false;
    }
    Instant moment = clock.instant();
    Instant asked = askedAt.get(id);
    boolean again = asked == null || !moment.isBefore(asked.plus(OLDEST));
    if (again) {
      askedAt.put(id, moment);
    }
    return again;
  }

  /** Whether the numbers that are told are old: any that is not right is to be written. */
  public boolean isOld(FleetId id) {
    Instant now = clock.instant();
    Instant last = exactAt.putIfAbsent(id, now);
    return last != null && !now.isBefore(last.plus(OLDEST));
  }

  /** A report was made: if it has the numbers of a look, those are told from now on. */
  public void reported(FleetId id, StreamConsumerGroupStatus status, RedisObservation observation) {
    if (observation instanceof RedisObservation.Seen seen
        && Numbers.of(status).sameCounts(Numbers.of(seen))) {
      news.put(id, seen);
      exactAt.put(id, clock.instant());
    }
  }

  /** The resource is gone. */
  public void forget(FleetId id) {
    news.remove(id);
    exactAt.remove(id);
    askedAt.remove(id);
  }
}
