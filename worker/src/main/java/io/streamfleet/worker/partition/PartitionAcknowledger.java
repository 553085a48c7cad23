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
 * handled: one settlement at a time, and what is handled meanwhile goes with the next. Belongs to
 * the loop.
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
   * @param acknowledged hears on the loop of entries that Redis has off its pending list
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

  /** An entry was handled. */
  public void add(EntryId id) {
    loop.assertOwned();
    waiting.add(id);
  }

  /** Whether everything that was handled is settled, or never will be under this grant. */
  public boolean idle() {
    return isLost || (waiting.isEmpty() && !underWay);
  }

  /** Whether Redis took as many settlements; true as well while one is on its way. */
  public boolean agrees(long counted) {
    return underWay || counted == taken;
  }

  /** Called at the end of each turn: sends what was gathered, unless a settlement is on its way. */
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
