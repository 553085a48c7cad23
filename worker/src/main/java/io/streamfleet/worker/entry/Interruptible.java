package io.streamfleet.worker.entry;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a handler's thread and the pipeline's loop must agree on: who runs the handler, and whether
 * it was interrupted. A superclass of {@link Entry} rather than a part of it, for one object less
 * for each entry.
 */
public abstract class Interruptible {

  private enum Turn {
    WAITING,
    RUNNING,
    INTERRUPTING,
    INTERRUPTED
  }

  private static final AtomicReferenceFieldUpdater<Interruptible, Turn> TURN =
      AtomicReferenceFieldUpdater.newUpdater(Interruptible.class, Turn.class, "turn");

  private volatile Turn turn = Turn.WAITING;
  private volatile @Nullable Interruption interruption;
  private @Nullable Runnable runner;
  private long startedAt;
  private long finishedAt;

  Interruptible() {}

  /**
   * The handler begins; false when it was interrupted before.
   *
   * @param interrupt interrupts the handler; run by the loop, so it must not wait
   */
  public final boolean begin(Runnable interrupt, long now) {
    runner = interrupt;
    startedAt = now;
    return TURN.compareAndSet(this, Turn.WAITING, Turn.RUNNING);
  }

  /**
   * The handler's thread is done with the entry. Afterwards no interrupt can come for it: one that
   * is on its way is waited for and cleared, so that it does not hit the next entry.
   *
   * @return why it was interrupted, if it was
   */
  public final @Nullable Interruption end(long now) {
    finishedAt = now;
    if (!TURN.compareAndSet(this, Turn.RUNNING, Turn.WAITING)) {
      while (turn == Turn.INTERRUPTING) {
        Thread.onSpinWait();
      }
    }
    runner = null;
    Thread.interrupted();
    return interruption;
  }

  /**
   * Interrupts the handler, or keeps it from starting. Called by the loop; the first reason stays.
   */
  public final void interrupt(Interruption why) {
    if (interruption != null) {
      return;
    }
    interruption = why;
    if (TURN.compareAndSet(this, Turn.WAITING, Turn.INTERRUPTED)) {
      return;
    }
    if (TURN.compareAndSet(this, Turn.RUNNING, Turn.INTERRUPTING)) {
      try {
        Runnable interrupt = runner;
        if (interrupt != null) {
          interrupt.run();
        }
      } finally {
        // Who ends waits for this.
        turn = Turn.INTERRUPTED;
      }
    }
  }

  /**
   * Takes it back from a handler's thread that has not begun with it, and never will; false if it
   * has. Called by the loop.
   */
  public final boolean withdraw() {
    return TURN.compareAndSet(this, Turn.WAITING, Turn.INTERRUPTED);
  }

  /** Whether it was taken back. */
  public final boolean isWithdrawn() {
    return interruption == null && turn == Turn.INTERRUPTED;
  }

  /** Whether a handler's thread is at it. Read in this order, what it noted before is seen. */
  final boolean isRun() {
    return turn != Turn.WAITING && runner != null;
  }

  /** Makes it ready to be run once more after an interruption. */
  final void rearmInterrupt() {
    interruption = null;
    turn = Turn.WAITING;
  }

  /** It was begun with before it came once more, and what came of that is not counted yet. */
  public final void startedBefore(long at) {
    startedAt = at;
  }

  final void notStarted() {
    startedAt = 0;
  }

  /** Why it was interrupted, if it was. */
  public final @Nullable Interruption interruption() {
    return interruption;
  }

  /** When its handler began, in the loop's nanoseconds; 0 if it has not in this attempt. */
  public final long startedAt() {
    return startedAt;
  }

  /** When its handler ended, in the loop's nanoseconds. */
  public final long finishedAt() {
    return finishedAt;
  }
}
