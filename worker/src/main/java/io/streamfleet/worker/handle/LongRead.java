package io.streamfleet.worker.handle;

import java.util.ArrayDeque;

/**
 * The right of one answer to be long, which few have at a time. It is kept until what became of the
 * answer has left the memory. Who waits for it asks the server for nothing more until its turn.
 */
final class LongRead {

  /** Who has the right, and who waits for it, the first come first. Safe for any thread. */
  static final class Turns {

    private final ArrayDeque<LongRead> waiting = new ArrayDeque<>();
    private int free;

    /**
     * @param most how many have the right at once
     */
    Turns(int most) {
      this.free = most;
    }

    private synchronized boolean take(LongRead asking) {
      if (free > 0) {
        free--;
        return true;
      }
      waiting.add(asking);
      return false;
    }

    private void release() {
      LongRead next;
      do {
        synchronized (this) {
          next = waiting.poll();
          if (next == null) {
            free++;
          }
        }
      } while (next != null && !next.itsTurn());
    }

    private synchronized void forget(LongRead who) {
      waiting.remove(who);
    }
  }

  private enum State {
    SHORT,
    WAITING,
    LONG,
    ENDED
  }

  private final Turns turns;
  private State state = State.SHORT;
  private Runnable goOn = () -> {};
  private long since;

  LongRead(Turns turns) {
    this.turns = turns;
  }

  /**
   * Asks for the right to be long.
   *
   * @param whenItsTurn runs when it has it, unless it has it now
   * @return whether it may go on now
   */
  synchronized boolean begin(Runnable whenItsTurn) {
    if (state != State.SHORT) {
      return state == State.LONG;
    }
    goOn = whenItsTurn;
    // Before the question: the answer may come on another thread at once, and waits for this lock.
    state = State.WAITING;
    if (turns.take(this)) {
      state = State.LONG;
      since = System.nanoTime();
    }
    return state == State.LONG;
  }

  private boolean itsTurn() {
    Runnable next;
    synchronized (this) {
      if (state != State.WAITING) {
        return false;
      }
      state = State.LONG;
      since = System.nanoTime();
      next = goOn;
    }
    next.run();
    return true;
  }

  /** Whether it waits for its turn, through no fault of who answers. */
  synchronized boolean waits() {
    return state == State.WAITING;
  }

  /** Whether its turn came and is not over. */
  synchronized boolean has() {
    return state == State.LONG;
  }

  /** When its turn came, by {@link System#nanoTime}; to be asked of one that has it. */
  synchronized long since() {
    return since;
  }

  /** The answer, and what became of it, is out of the memory, or will not be read to its end. */
  void end() {
    State before;
    synchronized (this) {
      before = state;
      state = State.ENDED;
    }
    if (before == State.LONG) {
      turns.release();
    } else if (before == State.WAITING) {
      turns.forget(this);
    }
  }
}
