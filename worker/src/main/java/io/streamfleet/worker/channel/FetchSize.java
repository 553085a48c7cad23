package io.streamfleet.worker.channel;

import java.time.Duration;

/** How many parked entries a lane fetches at a time: as many as it handles in 25 to 100 ms. */
final class FetchSize {

  /** Few, so that they use hardly any credits; a fast lane doubles the size with each fetch. */
  private static final int FIRST = 8;

  /**
   * If the entries of a fetch are handled sooner than this, the lane waits for fetches too often.
   * It is about fifty times what a fetch takes.
   */
  private static final long QUICK_NANOS = Duration.ofMillis(25).toNanos();

  /** If the entries of a fetch take longer than this, they use their credits for too long. */
  private static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

  private int size = FIRST;

  /** When the last fetch started; 0 if there was none since the last {@link #restart}. */
  private long lastAt;

  /** The lane was stopped: the time since the last fetch says nothing about its handler. */
  void restart() {
    lastAt = 0;
  }

  /** The size of a fetch that starts now, at most {@code most}. */
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
