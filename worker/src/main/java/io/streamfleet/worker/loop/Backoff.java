package io.streamfleet.worker.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with jitter: the n-th wait is between half and the whole of {@code initial *
 * 2^(n-1)}, capped at {@code max}. It is at least half, so that a wait never shrinks to nothing.
 */
public record Backoff(Duration initial, Duration max) {

  /**
   * For calls to Redis: short at first, since most faults are over at once; at most 2 s, so that
   * work goes on soon after a failover.
   */
  public static final Backoff REDIS = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

  /** The wait after a failed attempt; the first attempt is 1. */
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
