package io.streamfleet.worker.handle;

import java.util.ArrayDeque;

/**
 * The permit of one answer to be long, which only a few answers hold at a time. It is held until
 * the answer, and the messages parsed from it, are out of memory. While an answer waits for its
 * permit, nothing more is read from its connection.
 */
final class LongRead {

  /** The permits, and the answers that wait for one in order of arrival. Thread-safe. */
  static final class Turns {

    private final ArrayDeque<LongRead> waiting = new ArrayDeque<>();
    private int free;

    /**
     * @param most the number of permits
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
      } while (next != null && !next.granted());
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
   * Requests the permit.
   *
   * @param whenGranted called when the permit is granted, unless it is granted at once
   * @return whether the permit is held now
   */
  synchronized boolean begin(Runnable whenGranted) {
    if (state != State.SHORT) {
      return state == State.LONG;
    }
    goOn = whenGranted;
    // Set before the request: another thread may grant the permit at once, and waits for this lock.
    state = State.WAITING;
    if (turns.take(this)) {
      state = State.LONG;
      since = System.nanoTime();
    }
    return state == State.LONG;
  }

  private boolean granted() {
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

  /** Whether it waits for the permit, which is not the server's fault. */
  synchronized boolean waits() {
    return state == State.WAITING;
  }

  /** Whether it holds the permit. */
  synchronized boolean has() {
    return state == State.LONG;
  }

  /** When the permit was granted, by {@link System#nanoTime}; valid only while it is held. */
  synchronized long since() {
    return since;
  }

  /** Returns the permit: the answer is out of memory, or is not read any further. */
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
