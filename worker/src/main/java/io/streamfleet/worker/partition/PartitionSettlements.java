package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.settle.LeaseProof;
import io.streamfleet.worker.settle.LeasedWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles the entries of one partition under one grant of its lease, in the order in which they
 * were handled: one settlement at a time, and what is handled meanwhile goes with the next. Were
 * two on their way, a younger entry could be settled and an older one not. {@link SettlementCalls}
 * sends what is acknowledged. Belongs to the loop.
 */
public final class PartitionSettlements {

  private final EventLoop loop;
  private final OwnerCalls calls;
  private final HeldPartition owned;
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
      EventLoop loop, OwnerCalls calls, HeldPartition owned, Consumer<List<EntryId>> acknowledged) {
    this.loop = loop;
    this.calls = calls;
    this.owned = owned;
    this.acknowledged = acknowledged;
  }

  /** An entry was handled. */
  public void add(EntryId id) {
    loop.assertOwned();
    if (isLost) {
      return;
    }
    if (waiting.peekLast() instanceof Acknowledge(var ids) && ids.size() < OwnerCalls.MOST_IDS) {
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

  /** Whether nothing more is settled under this grant. */
  boolean isLost() {
    return isLost;
  }

  int partition() {
    return owned.partition();
  }

  /** How many settlements Redis took. */
  public CallCount count() {
    return new CallCount(taken, underWay);
  }

  /** Called at the end of each turn: sends a settlement that has a script of its own. */
  public void turn() {
    if (!underWay && !isLost && waiting.peek() instanceof Write(var write)) {
      waiting.poll();
      underWay = true;
      write.send(
          new LeaseProof(calls.keyOf(owned.partition()), owned.grant().token(), taken + 1),
          this::written);
    }
  }

  /** How many entries could be acknowledged now. */
  int ready() {
    return !underWay && !isLost && waiting.peek() instanceof Acknowledge(var ids) ? ids.size() : 0;
  }

  /** What is acknowledged next, and is from now on its way. */
  Settlement next() {
    if (!(waiting.poll() instanceof Acknowledge(var ids))) {
      throw new IllegalStateException("there is nothing to acknowledge");
    }
    underWay = true;
    return new Settlement(owned.partition(), owned.grant(), taken + 1, ids);
  }

  /** Redis answered. */
  void answered(List<EntryId> ids, Settlement.@Nullable Result result) {
    underWay = false;
    if (isLost) {
      return;
    }
    if (result == Settlement.Result.TAKEN) {
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
