package io.streamfleet.worker.settle;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.function.Consumer;

/**
 * Settles the entries of one stream: acknowledges them, many at a time, and says when those may be
 * settled that need more than that. Belongs to the pipeline's loop.
 */
public interface Acknowledger {

  /** The operation, in metrics and logs. */
  String ACKNOWLEDGE = "acknowledge";

  /** An entry was handled: it is acknowledged with others. */
  void add(Entry entry);

  /** How many wait to be sent off; about, and none only where nothing waits. */
  int waiting();

  /**
   * Called at the end of each turn.
   *
   * @param nothingToCome whether no handler is running, so that there is nothing to wait for
   * @param acknowledged called on the loop with entries that Redis has acknowledged
   */
  void turn(boolean nothingToCome, Consumer<List<Entry>> acknowledged);

  /**
   * Acknowledges one entry, about which everything else was written already.
   *
   * @param then hears on the loop whether it was, or was another's by then
   */
  void acknowledge(EntryId id, Consumer<Boolean> then);

  /** Settles an entry by a script of its own, when its turn has come. */
  void write(LeasedWrite write);
}
