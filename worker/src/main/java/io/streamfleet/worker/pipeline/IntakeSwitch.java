package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether a pipeline takes entries in. During a pause nothing is read, claimed or fetched; entries
 * in flight are handled as usual. Belongs to the pipeline's loop, except for {@link #isPaused()}.
 */
final class IntakeSwitch {

  /**
   * When to end reads again: a read may have reached the server after the first call. A superfluous
   * call does no harm.
   */
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();

  private final Runnable endReads;
  private final LongSupplier nanoTime;
  private boolean open = true;
  private boolean draining;
  private long endedAt;
  private volatile boolean paused;

  /**
   * @param endReads ends reads that block in the server
   */
  IntakeSwitch(Runnable endReads, LongSupplier nanoTime) {
    this.endReads = endReads;
    this.nanoTime = nanoTime;
  }

  boolean isOpen() {
    return open;
  }

  /** Opens or closes it. Closing ends reads that block in the server. */
  void open(boolean wanted) {
    open = wanted;
    if (wanted) {
      paused = false;
    } else {
      endReads();
    }
  }

  private void endReads() {
    endedAt = nanoTime.getAsLong();
    endReads.run();
  }

  /** Closes it for good. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /**
   * Called at the end of each turn.
   *
   * @param awaited whether a request for entries is in progress
   */
  void turn(BooleanSupplier awaited) {
    if (open || paused) {
      return;
    }
    if (!awaited.getAsBoolean()) {
      paused = true;
    } else if (nanoTime.getAsLong() - endedAt >= AGAIN_NANOS) {
      endReads();
    }
  }

  /** Whether it is closed and no request for entries is in progress. Thread-safe. */
  boolean isPaused() {
    return paused;
  }
}
