package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.channel.DispatchOrders;
import io.streamfleet.worker.channel.ParkedEntry;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import java.util.List;

/**
 * Carries out users' requests to cancel an entry of one stream, or all entries of a channel.
 * Belongs to the pipeline's loop.
 */
final class Cancellation {

  private final StreamEntries entries;
  private final DispatchOrders orders;
  private final Settlement settlement;

  Cancellation(StreamEntries entries, DispatchOrders orders, Settlement settlement) {
    this.entries = entries;
    this.orders = orders;
    this.settlement = settlement;
  }

  void entry(EntryId id) {
    Entry entry = entries.inFlight(id);
    if (entry != null) {
      cancel(entry);
    } else {
      entries.stop(id);
    }
  }

  void channel(String channel) {
    for (Entry entry : List.copyOf(entries.pending().entries())) {
      if (entry.channel().equals(channel)) {
        cancel(entry);
      }
    }
    for (ParkedEntry parked : orders.parked(channel)) {
      if (parked.stream().equals(entries.stream())) {
        entries.stop(parked.id());
      }
    }
    ParkedRetries.ofChannel(entries, channel).forEach(entries::stop);
  }

  private void cancel(Entry entry) {
    if (entry.settling()) {
      return;
    }
    if (DispatchOrder.takeOut(entry)) {
      settlement.cancel(entry);
    } else {
      entry.interrupt(Interruption.CANCELLED);
    }
  }

  /** Settles an entry that has just arrived if it was cancelled before; returns whether it was. */
  boolean stops(Entry arrived) {
    boolean stopped = entries.wasStopped(arrived);
    if (stopped) {
      settlement.cancel(arrived);
    }
    return stopped;
  }
}
