package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Lease;
import java.util.function.Consumer;

/**
 * What an entry is on between its arrival and its settling: the lane of its channel, or nothing but
 * itself. Belongs to the pipeline's loop.
 */
public interface DispatchOrder {

  /** Where an entry is since it was offered: it brings along who is to hear what became of it. */
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

  /** Takes an entry out of its order, if it waits there. */
  static boolean takeOut(Entry entry) {
    return entry.lease() instanceof Place place && place.order().remove(entry);
  }

  /** Takes an entry in; it will be run when its time comes. */
  void offer(Entry entry);

  /** An entry that was run is settled, or lost: the next may run. */
  void done(Entry entry);

  /** An entry was not handled after all, and is the first to be. */
  void putBack(Entry entry);

  /** An entry that was run waits for something, and holds up what comes after it. */
  void waitFor(Entry entry);

  /**
   * An entry that was run, or {@linkplain LaneWork#awaitDue awaits} its attempt, waits for long,
   * and holds up what comes after it. Neither keeps room in flight: what waits behind it is parked,
   * and so is itself by the caller.
   *
   * @return who is to be told when the wait is over
   */
  Rest rest(Entry entry);

  /** The wait is over: the entry runs again. */
  void resume(Entry entry);

  /** The wait is over: the entry is settled, or lost. */
  void release(Entry entry);

  /**
   * An entry was handled for so long that its ownership or lock is in doubt.
   *
   * @param then hears whether both are confirmed; otherwise the entry is handled again, or lost
   */
  void recheck(Entry entry, Consumer<Boolean> then);

  /** Takes an entry out that is not with the handler; false if it is. */
  boolean remove(Entry entry);

  /** Whether an entry waits here for something, and is not with the handler. */
  boolean holds(Entry entry);

  /** Nothing more is to be heard of an entry, wherever it was: the next may run. */
  void abandon(Entry entry);

  /** Whether nobody else could handle the channel's entries at that time. */
  boolean surelyAlone(Entry entry, long at);
}
