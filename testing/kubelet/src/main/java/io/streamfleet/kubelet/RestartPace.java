package io.streamfleet.kubelet;

import java.time.Duration;

/**
 * How soon a container that ended is restarted: the first time at once, then after growing pauses.
 *
 * @param first the pause before the second restart
 * @param longest the maximum of the doubling pauses
 * @param forgiven a container that ran for this long starts with the first restart again
 */
public record RestartPace(Duration first, Duration longest, Duration forgiven) {

  /**
   * A kubelet uses 10 s to five minutes; a developer has fixed the handler and waits for the next
   * attempt.
   */
  public static final RestartPace LAPTOP =
      new RestartPace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /**
   * The pause before a restart.
   *
   * @param failures how often it ended since it last ran long enough, including this time
   */
  public Duration before(int failures) {
    if (failures <= 1) {
      return Duration.ZERO;
    }
    // After thirty doublings any sensible limit is exceeded, and many more would overflow a long.
    Duration pause = first.multipliedBy(1L << Math.min(failures - 2, 30));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
