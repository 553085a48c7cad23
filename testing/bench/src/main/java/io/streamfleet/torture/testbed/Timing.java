package io.streamfleet.torture.testbed;

import java.time.Duration;

/**
 * The durations of the fleet under torture. Shorter than in production, because a run is short;
 * long enough for the margin at the end of a lock (5 % of its lifetime, less 100 ms) to cover the
 * delays of a busy machine.
 */
public record Timing(
    Duration lockTtl,
    Duration minIdle,
    Duration sweepInterval,
    Duration handlerTimeout,
    Duration drainTimeout,
    Duration commandTimeout) {

  /** The values of a run. */
  public static final Timing USUAL =
      new Timing(
          Duration.ofSeconds(6),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(9),
          Duration.ofSeconds(4),
          Duration.ofSeconds(2));

  /** Longer than the lifetime of a lock, and than the idle time before a claim. */
  public Duration beyond() {
    return lockTtl.compareTo(minIdle) > 0 ? lockTtl.plusMillis(500) : minIdle.plusMillis(500);
  }
}
