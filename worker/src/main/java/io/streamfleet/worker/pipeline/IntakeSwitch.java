package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether a pipeline takes anything in. While it is paused nothing is read, claimed, or fetched
 * that is known by its id only; what is in flight ends as ever. Belongs to the pipeline's loop, but
 * for {@link #isPaused()}.
 */
final class IntakeSwitch {

  /**
   * A read may have been on its way to the server when it was to be ended, and is ended anew; a
   * second call hurts nobody.
   */
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();

  private final Runnable endReads;
  private final LongSupplier nanoTime;
  private boolean open = true;
  private boolean draining;
  private long endedAt;
  private volatile boolean paused;

  /**
   * @param endReads ends reads that wait at the server for something new
   */
  IntakeSwitch(Runnable endReads, LongSupplier nanoTime) {
    this.endReads = endReads;
    this.nanoTime = nanoTime;
  }

  boolean isOpen() {
    return open;
  }

  /** Opens or closes it. What waits at the server for something new is ended. */
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

  /** Nothing is taken in any more, until the end. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /**
   * Called at the end of each turn.
   *
   * @param awaited whether anything that was asked for is on its way
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

  /** Whether nothing can come in any more, and nothing that was asked for is on its way. */
  boolean isPaused() {
    return paused;
  }
}
