package io.streamfleet.worker.partition;

import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Gathering;
import io.streamfleet.worker.loop.Persistent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Sends what was handled in many partitions to be acknowledged, in one call for all that share a
 * slot, until Redis answered. Belongs to the loop.
 */
public final class SettlementCalls {

  /** The operation, in metrics and logs. */
  public static final String SETTLE = "settle entries of a partition";

  /** Entries that are not worth waiting for more of: beside them a call costs little. */
  private static final int ENOUGH = 500;

  private final OwnerCalls calls;
  private final Persistent persistent;
  private final Gathering gathering;
  private final List<PartitionSettlements> all = new ArrayList<>();

  public SettlementCalls(EventLoop loop, OwnerCalls calls, Persistent persistent) {
    this.calls = calls;
    this.persistent = persistent;
    this.gathering = new Gathering(loop, Gathering.OF_SETTLEMENTS);
  }

  /** A partition is ours. */
  public void add(PartitionSettlements settlements) {
    all.add(settlements);
  }

  /**
   * Called at the end of each turn of the loop.
   *
   * @param isEnough whether so many entries should be acknowledged now, not in a moment with others
   */
  public void turn(IntPredicate isEnough) {
    all.removeIf(PartitionSettlements::isLost);
    int entries = 0;
    for (PartitionSettlements one : all) {
      entries += one.ready();
    }
    if (entries > 0 && gathering.isOver(entries >= ENOUGH || isEnough.test(entries))) {
      gathering.begin();
      List<PartitionSettlements> ready = all.stream().filter(one -> one.ready() > 0).toList();
      calls
          .bySlot(ready.stream().map(PartitionSettlements::partition).toList())
          .forEach(slot -> send(slot.stream().map(ready::get).toList()));
    }
  }

  private void send(List<PartitionSettlements> senders) {
    Map<PartitionSettlements, Settlement> sent = new LinkedHashMap<>();
    senders.forEach(sender -> sent.put(sender, sender.next()));
    List<Settlement> settlements = List.copyOf(sent.values());
    persistent.call(
        SETTLE,
        () -> calls.settle(settlements),
        results ->
            sent.forEach(
                (sender, what) -> sender.answered(what.ids(), results.get(what.partition()))));
  }
}
