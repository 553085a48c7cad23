package io.streamfleet.kubelet;

import java.time.Duration;

/**
 * How soon a container that ended is started again: the first time at once, then after ever longer
 * pauses.
 *
 * @param first the pause before the second restart
 * @param longest what pauses grow to, doubling
 * @param forgiven who ran for so long begins at the first restart again
 */
public record RestartPace(Duration first, Duration longest, Duration forgiven) {

  /**
   * A kubelet begins with 10 s and ends with five minutes; whoever sits in front of a laptop has
   * mended the handler and waits for the next try.
   */
  public static final RestartPace LAPTOP =
      new RestartPace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /**
   * The pause before a restart.
   *
   * @param failures how often it ended since it last ran long enough, this time included
   */
  public Duration before(int failures) {
    if (failures <= 1) {
      return Duration.ZERO;
    }
    // Beyond thirty doublings any sensible limit is passed, and a long has no room for many more.
    Duration pause = first.multipliedBy(1L << Math.min(failures - 2, 30));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
