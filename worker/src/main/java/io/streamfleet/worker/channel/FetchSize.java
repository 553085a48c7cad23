package io.streamfleet.worker.channel;

import java.time.Duration;

/** How many parked entries a lane fetches at a time: as many as it handles in a moment. */
final class FetchSize {

  /** Few enough to take up next to no room in flight; a quick lane doubles it each time. */
  private static final int FIRST = 8;

  /**
   * What was fetched in one go and is handled by then leaves the lane waiting for the next fetch
   * too often: some fifty times what a fetch takes.
   */
  private static final long QUICK_NANOS = Duration.ofMillis(25).toNanos();

  /** What takes longer keeps its room for longer than it needs. */
  private static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

  private int size = FIRST;

  /** When the last fetch was; 0 if there was none since the lane last stood still. */
  private long lastAt;

  /** The lane stood still: the time since the last fetch says nothing about its handler. */
  void restart() {
    lastAt = 0;
  }

  /** The size of a fetch now, at most so many. */
  int next(long now, int most) {
    if (lastAt != 0) {
      long took = now - lastAt;
      if (took < QUICK_NANOS) {
        size = Math.min(most, 2 * size);
      } else if (took > SLOW_NANOS) {
        size = Math.max(1, size / 2);
      }
    }
    lastAt = now;
    return size;
  }
}
