package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.LeasedWrite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles the entries of a partition under its lease, while this worker has it; what is not settled
 * when it loses that is another's. Belongs to the pipeline's loop.
 */
public final class LeasedAcknowledger implements Acknowledger {

  private final Map<EntryId, Entry> handled = new HashMap<>();
  private final Map<EntryId, Consumer<Boolean>> alone = new HashMap<>();
  private Consumer<List<Entry>> heard = _ -> {};
  private @Nullable PartitionSettlements settlements;

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
    handled.clear();
    List<Consumer<Boolean>> never = List.copyOf(alone.values());
    alone.clear();
    never.forEach(then -> then.accept(false));
  }

  @Override
  public void add(Entry entry) {
    PartitionSettlements now = settlements;
    if (now != null) {
      handled.put(entry.entryId(), entry);
      now.add(entry.entryId());
    }
  }

  @Override
  public void acknowledge(EntryId id, Consumer<Boolean> then) {
    PartitionSettlements now = settlements;
    if (now == null) {
      then.accept(false);
    } else {
      alone.put(id, then);
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

  /** Redis has entries off its pending list. */
  public void settled(List<EntryId> ids) {
    List<Entry> entries = new ArrayList<>(ids.size());
    for (EntryId id : ids) {
      Entry entry = handled.remove(id);
      if (entry != null) {
        entries.add(entry);
      }
      Consumer<Boolean> then = alone.remove(id);
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
