package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Acknowledges the entries of one partition under its lease, in the order in which they were
 * handled. One settlement at a time; entries that are handled meanwhile are part of the next one.
 * Belongs to the loop.
 */
public final class PartitionAcknowledger {

  /** The operation, in metrics and logs. */
  public static final String SETTLE = "settle entries of a partition";

  private final EventLoop loop;
  private final Leases leases;
  private final PartitionReader.Owned owned;
  private final Persistent persistent;
  private final Consumer<List<EntryId>> acknowledged;
  private List<EntryId> waiting = new ArrayList<>();
  private long taken;
  private boolean underWay;
  private boolean isLost;

  /**
   * @param acknowledged called on the loop with entries that Redis has acknowledged
   */
  public PartitionAcknowledger(
      EventLoop loop,
      Leases leases,
      PartitionReader.Owned owned,
      Persistent persistent,
      Consumer<List<EntryId>> acknowledged) {
    this.loop = loop;
    this.leases = leases;
    this.owned = owned;
    this.persistent = persistent;
    this.acknowledged = acknowledged;
  }

  /** Acknowledges an entry with the next settlement. */
  public void add(EntryId id) {
    loop.assertOwned();
    waiting.add(id);
  }

  /** Whether all handled entries are settled, or cannot be settled any more under this grant. */
  public boolean idle() {
    return isLost || (waiting.isEmpty() && !underWay);
  }

  /** Whether Redis counted the same number of settlements; true while one is in progress. */
  public boolean agrees(long counted) {
    return underWay || counted == taken;
  }

  /** Called at the end of each turn: sends a settlement, unless one is in progress. */
  public void turn() {
    if (waiting.isEmpty() || underWay || isLost) {
      return;
    }
    underWay = true;
    int count = Math.min(waiting.size(), Leases.MOST_IDS);
    List<EntryId> ids = List.copyOf(waiting.subList(0, count));
    waiting = new ArrayList<>(waiting.subList(count, waiting.size()));
    Settlement settlement = new Settlement(owned.partition(), owned.grant(), taken + 1, ids);
    persistent.call(
        SETTLE, () -> leases.settle(List.of(settlement)), results -> answered(ids, results));
  }

  private void answered(List<EntryId> ids, Map<Integer, Settlement.Result> results) {
    underWay = false;
    if (results.get(owned.partition()) == Settlement.Result.TAKEN) {
      taken++;
      acknowledged.accept(ids);
      turn();
    } else {
      isLost = true;
      waiting.clear();
      owned.lost().run();
    }
  }
}
