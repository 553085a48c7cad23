package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Lease;
import java.util.function.Consumer;

/**
 * The order in which entries are started between arrival and settlement: that of their channel's
 * lane, or none. Belongs to the pipeline's loop.
 */
public interface DispatchOrder {

  /** The lease of an entry that was offered; it leads back to the order. */
  interface Place extends Lease {

    DispatchOrder order();
  }

  /** The order that an entry was offered to. */
  static DispatchOrder of(Entry entry) {
    if (entry.lease() instanceof Place place) {
      return place.order();
    }
    throw new IllegalStateException(entry + " was not offered to any order");
  }

  /** Removes an entry from its order; false if it does not wait there. */
  static boolean takeOut(Entry entry) {
    return entry.lease() instanceof Place place && place.order().remove(entry);
  }

  /** Adds an entry; it is started as soon as the order permits. */
  void offer(Entry entry);

  /**
   * An entry that was started is settled or lost, also if its order waits for it by now: the next
   * one may start.
   */
  void done(Entry entry);

  /** An entry was not handled after all; it becomes the next one to start. */
  void putBack(Entry entry);

  /** An entry that was started waits; the entries after it wait with it. */
  void waitFor(Entry entry);

  /**
   * An entry waits for a long time for its next attempt, after it was started, or in {@link
   * LaneWork#awaitDue}; the entries after it wait with it. None of them uses credits meanwhile:
   * this method parks the entries after it, and the caller parks the entry itself.
   *
   * @return to be notified when the wait is over
   */
  Rest rest(Entry entry);

  /** The wait is over: the entry is started again. */
  void resume(Entry entry);

  /** The wait is over: the entry is settled or lost. */
  void release(Entry entry);

  /**
   * An entry was handled for so long that ownership and lock must be confirmed.
   *
   * @param then called with true if both are confirmed; otherwise the entry is handled again or
   *     lost
   */
  void recheck(Entry entry, Consumer<Boolean> then);

  /** Removes an entry that is not with the handler; false if it does not wait here. */
  boolean remove(Entry entry);

  /** Whether an entry waits here and is not with the handler. */
  boolean holds(Entry entry);

  /** Removes an entry wherever it is, without further calls for it: the next one may start. */
  void abandon(Entry entry);

  /** Whether no other worker could handle entries of the channel at that time. */
  boolean surelyAlone(Entry entry, long at);
}
