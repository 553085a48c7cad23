package io.streamfleet.worker.entry;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The state that a handler's thread and the pipeline's loop share: whether the handler runs, and
 * whether it was interrupted. A superclass of {@link Entry} rather than a field, which saves an
 * object for each entry.
 */
public abstract class Interruptible {

  private enum Turn {
    WAITING,
    RUNNING,
    INTERRUPTING,
    INTERRUPTED,
    /** Until it is made ready to be started again. */
    ENDED
  }

  private static final AtomicReferenceFieldUpdater<Interruptible, Turn> TURN =
      AtomicReferenceFieldUpdater.newUpdater(Interruptible.class, Turn.class, "turn");

  private volatile Turn turn = Turn.WAITING;
  private volatile @Nullable Interruption interruption;
  private @Nullable Runnable runner;
  private long startedAt;
  private long finishedAt;

  /** 0 without a partition. */
  private long epoch;

  Interruptible() {}

  /** The epoch of the lease of its partition; set before it is offered to a handler. */
  public final void epoch(long ofLease) {
    epoch = ofLease;
  }

  /** By which whatever the handler changes can tell it from one that lost the partition. */
  public final OptionalLong fencingToken() {
    return epoch == 0 ? OptionalLong.empty() : OptionalLong.of(epoch);
  }

  /**
   * The handler starts.
   *
   * @param interrupt interrupts the handler; called by the loop, so it must not block
   * @return false if the entry was interrupted or withdrawn before, and must not be handled
   */
  public final boolean begin(Runnable interrupt, long now) {
    runner = interrupt;
    startedAt = now;
    return TURN.compareAndSet(this, Turn.WAITING, Turn.RUNNING);
  }

  /**
   * The handler has ended. After this call no interrupt can arrive for the entry: it waits for an
   * interrupt that is being sent and clears it, so that it does not hit the thread's next entry.
   *
   * @return why it was interrupted; null if it was not
   */
  public final @Nullable Interruption end(long now) {
    finishedAt = now;
    if (!TURN.compareAndSet(this, Turn.RUNNING, Turn.ENDED)) {
      while (turn == Turn.INTERRUPTING) {
        Thread.onSpinWait();
      }
    }
    runner = null;
    Thread.interrupted();
    return interruption;
  }

  /**
   * Interrupts the handler, or keeps it from starting. Called by the loop. Only the first call has
   * an effect.
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
        // end() waits for this.
        turn = Turn.INTERRUPTED;
      }
    }
  }

  /**
   * Keeps the handler from starting. Called by the loop.
   *
   * @return false if it has started, perhaps ended, or was interrupted
   */
  public final boolean withdraw() {
    return TURN.compareAndSet(this, Turn.WAITING, Turn.INTERRUPTED);
  }

  /** Whether it was withdrawn. */
  public final boolean isWithdrawn() {
    return interruption == null && turn == Turn.INTERRUPTED;
  }

  /** Whether the handler runs. The order of the reads makes the start time visible. */
  final boolean isRun() {
    return turn != Turn.WAITING && runner != null;
  }

  /** Makes it ready to be started again after an interruption. */
  final void rearmInterrupt() {
    interruption = null;
    turn = Turn.WAITING;
  }

  /** Its handler started earlier, in an attempt that failed and is not counted yet. */
  public final void startedBefore(long at) {
    startedAt = at;
  }

  final void notStarted() {
    startedAt = 0;
  }

  /** Why it was interrupted; null if it was not. */
  public final @Nullable Interruption interruption() {
    return interruption;
  }

  /** When its handler started, in the loop's nanoseconds; 0 if it has not in this attempt. */
  public final long startedAt() {
    return startedAt;
  }

  /** When its handler ended, in the loop's nanoseconds. */
  public final long finishedAt() {
    return finishedAt;
  }
}
