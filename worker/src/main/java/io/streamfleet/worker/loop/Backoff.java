package io.streamfleet.worker.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with jitter: the n-th wait lies between half and the whole of {@code initial
 * * 2^(n-1)}, capped at {@code max}. Half is kept so that a wait is a wait.
 */
public record Backoff(Duration initial, Duration max) {

  /**
   * For calls to Redis: short at first, since most faults pass at once; 2 s is a failover's pace.
   */
  public static final Backoff REDIS = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

  /** The wait before try number {@code attempt + 1}; the first attempt is 1. */
  public Duration after(int attempt, RandomGenerator random) {
    long cap = max.toNanos();
    int doublings = Math.clamp(attempt - 1L, 0, 62);
    long first = initial.toNanos();
    long whole = first > (cap >> doublings) ? cap : Math.min(cap, first << doublings);
    if (whole <= 1) {
      return Duration.ofNanos(whole);
    }
    return Duration.ofNanos(whole / 2 + random.nextLong(whole / 2 + 1));
  }
}
