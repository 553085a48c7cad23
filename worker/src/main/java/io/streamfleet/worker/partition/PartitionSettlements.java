package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.settle.LeaseProof;
import io.streamfleet.worker.settle.LeasedWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Settles the entries of one partition under one grant of its lease, in the order in which they
 * were handled: one settlement at a time, and what is handled meanwhile goes with the next. Were
 * two on their way, a younger entry could be settled and an older one not. Belongs to the loop.
 */
public final class PartitionSettlements {

  /** The operation, in metrics and logs. */
  public static final String SETTLE = "settle entries of a partition";

  private final EventLoop loop;
  private final Leases leases;
  private final HeldPartition owned;
  private final Persistent persistent;
  private final Consumer<List<EntryId>> acknowledged;
  private final ArrayDeque<Step> waiting = new ArrayDeque<>();
  private long taken;
  private boolean underWay;
  private boolean isLost;

  private sealed interface Step {}

  private record Acknowledge(List<EntryId> ids) implements Step {}

  private record Write(LeasedWrite write) implements Step {}

  /**
   * @param acknowledged hears on the loop of entries that Redis has off its pending list
   */
  public PartitionSettlements(
      EventLoop loop,
      Leases leases,
      HeldPartition owned,
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
    if (isLost) {
      return;
    }
    if (waiting.peekLast() instanceof Acknowledge(var ids) && ids.size() < Leases.MOST_IDS) {
      ids.add(id);
    } else {
      List<EntryId> ids = new ArrayList<>();
      ids.add(id);
      waiting.add(new Acknowledge(ids));
    }
  }

  /** An entry was handled, and is settled by a script of its own. */
  public void write(LeasedWrite write) {
    loop.assertOwned();
    if (isLost) {
      write.lost();
    } else {
      waiting.add(new Write(write));
      turn();
    }
  }

  /** Whether everything that was handled is settled, or never will be under this grant. */
  public boolean idle() {
    return isLost || (waiting.isEmpty() && !underWay);
  }

  /** How many settlements Redis took. */
  public CallCount count() {
    return new CallCount(taken, underWay);
  }

  /** Called at the end of each turn: sends what was gathered, unless a settlement is on its way. */
  public void turn() {
    if (underWay || isLost) {
      return;
    }
    Step next = waiting.poll();
    switch (next) {
      case null -> {}
      case Acknowledge(var ids) -> acknowledge(List.copyOf(ids));
      case Write(var write) -> {
        underWay = true;
        write.send(
            new LeaseProof(leases.keyOf(owned.partition()), owned.grant().token(), taken + 1),
            this::written);
      }
    }
  }

  private void acknowledge(List<EntryId> ids) {
    underWay = true;
    Settlement settlement = new Settlement(owned.partition(), owned.grant(), taken + 1, ids);
    persistent.call(
        SETTLE, () -> leases.settle(List.of(settlement)), results -> answered(ids, results));
  }

  private void answered(List<EntryId> ids, Map<Integer, Settlement.Result> results) {
    underWay = false;
    if (isLost) {
      return;
    }
    if (results.get(owned.partition()) == Settlement.Result.TAKEN) {
      taken++;
      acknowledged.accept(ids);
      turn();
    } else {
      lose();
      owned.lost().run();
    }
  }

  private void written(LeasedWrite.Result result) {
    underWay = false;
    if (isLost) {
      return;
    }
    switch (result) {
      case TAKEN -> {
        taken++;
        turn();
      }
      case LEFT -> turn();
      case LOST -> {
        lose();
        owned.lost().run();
      }
    }
  }

  /** The lease is lost: nothing more is sent. */
  public void lose() {
    isLost = true;
    List<Step> never = List.copyOf(waiting);
    waiting.clear();
    for (Step step : never) {
      if (step instanceof Write(var write)) {
        write.lost();
      }
    }
  }
}
