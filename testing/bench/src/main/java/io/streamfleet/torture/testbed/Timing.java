package io.streamfleet.torture.testbed;

import java.time.Duration;

/**
 * The durations of the fleet under torture. Shorter than in production, for a run is short; long
 * enough that what a lock leaves for giving up (5 % of its time, less 100 ms) covers the delays of
 * a busy machine.
 */
public record Timing(
    Duration lockTtl,
    Duration minIdle,
    Duration sweepInterval,
    Duration handlerTimeout,
    Duration drainTimeout,
    Duration commandTimeout) {

  /** What a run has. */
  public static final Timing USUAL =
      new Timing(
          Duration.ofSeconds(6),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(9),
          Duration.ofSeconds(4),
          Duration.ofSeconds(2));

  /** Longer than a lock lasts, and an entry idles before it is claimed. */
  public Duration beyond() {
    return lockTtl.compareTo(minIdle) > 0 ? lockTtl.plusMillis(500) : minIdle.plusMillis(500);
  }
}
