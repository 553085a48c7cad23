package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.pending.Parking;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.settle.DeadLetterReason;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one stream that are with this worker, in flight or known by id: how they come to
 * be so, and how that ends, with the credit that each takes. Belongs to the pipeline's loop.
 */
final class StreamEntries {

  private final StreamConsumer stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final PendingEntries pending = new PendingEntries();

  private @Nullable EntryId oldestLeft;

  /** Ids that a user stopped before they were in flight. */
  private final Set<EntryId> stopped = new HashSet<>();

  StreamEntries(Shared shared, StreamConsumer stream) {
    this.stream = stream;
    this.metrics = shared.metrics().forStream(stream.stream(), stream.group());
    this.credits = shared.credits();
    // A series that begins with its first letter shows no increase, and raises no alert.
    metrics.expectDeadLetters(DeadLetterReason.ALL);
  }

  StreamConsumer stream() {
    return stream;
  }

  StreamMetrics metrics() {
    return metrics;
  }

  PendingEntries pending() {
    return pending;
  }

  @Nullable Entry inFlight(EntryId id) {
    return pending.entry(id);
  }

  @SuppressWarnings("ReferenceEquality") // an entry that was fetched anew is another
  boolean isInFlight(Entry entry) {
    return pending.entry(entry.entryId()) == entry;
  }

  /** All that is with this worker, with the number of deliveries of each. */
  Map<EntryId, Integer> withUs() {
    Map<EntryId, Integer> ids = new HashMap<>();
    pending.waitingIds().forEach(id -> ids.put(id, 1));
    ids.putAll(pending.parkedDeliveries());
    pending.entries().forEach(entry -> ids.put(entry.entryId(), entry.attempt()));
    return ids;
  }

  // --- out of flight

  /** An entry is no longer in flight; false if it was not. */
  boolean drop(Entry entry) {
    boolean dropped = pending.drop(entry);
    if (dropped) {
      credits.gone(entry);
    }
    return dropped;
  }

  /**
   * An entry is another's, or was settled by another: it is no longer in flight, and its handler is
   * interrupted.
   */
  void lose(Entry entry) {
    if (drop(entry)) {
      metrics.lost(1);
      if (!DispatchOrder.takeOut(entry)) {
        entry.interrupt(Interruption.ENTRY_LOST);
      }
    }
  }

  /** An entry is no longer in flight and stays ours, known by id. */
  void park(Entry entry, Parking where) {
    if (isInFlight(entry)) {
      pending.park(entry, where);
      credits.gone(entry);
    }
  }

  /** An entry is no longer in flight, stays ours, and is not known any more until it is found. */
  void leave(Entry entry) {
    if (drop(entry)) {
      EntryId oldest = oldestLeft;
      if (oldest == null || entry.entryId().compareTo(oldest) < 0) {
        oldestLeft = entry.entryId();
      }
    }
  }

  /** The oldest entry, or an older one, that is ours and not known here. */
  @Nullable EntryId oldestLeft() {
    return oldestLeft;
  }

  /** All that is ours is about to be known. */
  void noneLeft() {
    oldestLeft = null;
  }

  /** An entry is no longer in flight, and is fetched again, as one more delivery. */
  void fetchAgain(Entry entry) {
    if (drop(entry)) {
      pending.await(entry.entryId(), true);
    }
  }

  // --- another's

  /** Entries may be another's: none is handled before it is confirmed. */
  void doubt(List<EntryId> ids, long now) {
    pending.doubt(ids);
    for (EntryId id : ids) {
      Entry entry = pending.entry(id);
      if (entry != null) {
        entry.doubt(now);
      }
    }
  }

  /** Entries were given to who holds their channel's lock. */
  void handedOver(Set<EntryId> ids) {
    metrics.handedOver(ids.size());
    for (EntryId id : ids) {
      Entry entry = pending.entry(id);
      // A user may have stopped it meanwhile: then it is on its way out, and counted there.
      if (entry != null && !entry.settling()) {
        drop(entry);
      }
      pending.unpark(id);
    }
  }

  /** Nobody is to wait any more for what is known by id only. */
  void forget(Set<EntryId> ids) {
    if (!ids.isEmpty()) {
      pending.forgetParked(stream, ids);
      ids.forEach(pending::unpark);
      pending.forgetWaiting(ids);
      stopped.removeAll(ids);
    }
  }

  // --- stopped by a user before they come

  /** An entry that is known by id only is cancelled when it comes, as any other is. */
  void stop(EntryId id) {
    if (pending.parked().contains(id)) {
      pending.forgetParked(stream, Set.of(id));
      pending.await(id, false);
    }
    if (pending.isWaiting(id)) {
      stopped.add(id);
    }
  }

  /** Whether an entry that came was stopped before. */
  boolean wasStopped(Entry entry) {
    return stopped.remove(entry.entryId());
  }

  /** Entries that did not come will not: they are not ours. */
  void willNotCome(Collection<EntryId> ids) {
    if (!stopped.isEmpty()) {
      ids.forEach(stopped::remove);
    }
  }
}
