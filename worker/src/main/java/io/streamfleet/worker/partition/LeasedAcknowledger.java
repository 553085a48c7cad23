package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.LeasedWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles the entries of a partition under its lease, while this worker has it; what is not settled
 * when it loses that is another's. Belongs to the pipeline's loop.
 */
public final class LeasedAcknowledger implements Acknowledger {

  /** What is acknowledged, in the order in which that is done. */
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  private Consumer<List<Entry>> heard = _ -> {};
  private @Nullable PartitionSettlements settlements;

  /**
   * An entry to be acknowledged.
   *
   * @param entry null if only its id is known
   * @param then who hears whether it was; null if all are told
   */
  private record Waiting(@Nullable Entry entry, @Nullable Consumer<Boolean> then) {}

  /** The lease is ours, and what is settled from now on is settled like this. */
  public void use(PartitionSettlements underTheLease) {
    settlements = underTheLease;
  }

  /** The lease is not ours any more: nothing else is settled. */
  public void stop() {
    PartitionSettlements before = settlements;
    settlements = null;
    if (before != null) {
      before.lose();
    }
    List<Waiting> never = List.copyOf(waiting);
    waiting.clear();
    for (Waiting one : never) {
      Consumer<Boolean> then = one.then();
      if (then != null) {
        then.accept(false);
      }
    }
  }

  @Override
  public void add(Entry entry) {
    PartitionSettlements now = settlements;
    if (now != null) {
      waiting.add(new Waiting(entry, null));
      now.add(entry.entryId());
    }
  }

  @Override
  public void acknowledge(EntryId id, Consumer<Boolean> then) {
    PartitionSettlements now = settlements;
    if (now == null) {
      then.accept(false);
    } else {
      waiting.add(new Waiting(null, then));
      now.add(id);
    }
  }

  @Override
  public void write(LeasedWrite write) {
    PartitionSettlements now = settlements;
    if (now == null) {
      write.lost();
    } else {
      now.write(write);
    }
  }

  /** Redis has so many more entries off its pending list. */
  public void settled(List<EntryId> ids) {
    List<Entry> entries = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      Waiting one = waiting.remove();
      Entry entry = one.entry();
      if (entry != null) {
        entries.add(entry);
      }
      Consumer<Boolean> then = one.then();
      if (then != null) {
        then.accept(true);
      }
    }
    heard.accept(entries);
  }

  @Override
  public int waiting() {
    PartitionSettlements now = settlements;
    return now == null || now.idle() ? 0 : 1;
  }

  @Override
  public void turn(boolean nothingToCome, Consumer<List<Entry>> acknowledged) {
    heard = acknowledged;
    PartitionSettlements now = settlements;
    if (now != null) {
      now.turn();
    }
  }
}
