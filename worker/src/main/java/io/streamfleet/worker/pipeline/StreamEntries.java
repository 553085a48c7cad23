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
 * The entries of one stream that are pending for this worker, in flight or known by id, and their
 * credits. Belongs to the pipeline's loop.
 */
final class StreamEntries {

  private final StreamConsumer stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final PendingEntries pending = new PendingEntries();

  private @Nullable EntryId oldestLeft;

  /** Entries that a user cancelled before they were in flight. */
  private final Set<EntryId> stopped = new HashSet<>();

  StreamEntries(Shared shared, StreamConsumer stream) {
    this.stream = stream;
    this.metrics = shared.metrics().forStream(shared.settings().nameOf(stream), stream.group());
    this.credits = shared.credits();
    // A series that starts with its first dead letter shows no increase and raises no alert.
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

  @SuppressWarnings("ReferenceEquality") // an entry that was fetched again is another object
  boolean isInFlight(Entry entry) {
    return pending.entry(entry.entryId()) == entry;
  }

  /** The delivery counts of all known entries that are pending for this consumer. */
  Map<EntryId, Integer> withUs() {
    Map<EntryId, Integer> ids = new HashMap<>();
    pending.waitingIds().forEach(id -> ids.put(id, 1));
    ids.putAll(pending.parkedDeliveries());
    pending.entries().forEach(entry -> ids.put(entry.entryId(), entry.attempt()));
    return ids;
  }

  // --- no longer in flight

  /** Removes an entry; false if it was not in flight. */
  boolean drop(Entry entry) {
    boolean dropped = pending.drop(entry);
    if (dropped) {
      credits.gone(entry);
    }
    return dropped;
  }

  /**
   * An entry is pending for another consumer, or was settled by one: removes it and interrupts its
   * handler.
   */
  void lose(Entry entry) {
    if (giveUp(entry)) {
      metrics.lost(1);
    }
  }

  /** The same for an entry that is to be another's, by our own will. */
  boolean giveUp(Entry entry) {
    boolean dropped = drop(entry);
    if (dropped && !DispatchOrder.takeOut(entry)) {
      entry.interrupt(Interruption.ENTRY_LOST);
    }
    return dropped;
  }

  /** An entry is no longer in flight and stays ours, known by id. */
  void park(Entry entry, Parking where) {
    if (isInFlight(entry)) {
      pending.park(entry, where);
      credits.gone(entry);
    }
  }

  /** Leaves an entry out: it stays pending for this consumer and is not known until it is found. */
  void leave(Entry entry) {
    if (drop(entry)) {
      EntryId oldest = oldestLeft;
      if (oldest == null || entry.entryId().compareTo(oldest) < 0) {
        oldestLeft = entry.entryId();
      }
    }
  }

  /** A lower bound of the ids that were left out; null if there are none. */
  @Nullable EntryId oldestLeft() {
    return oldestLeft;
  }

  /** All pending entries of this consumer are known now. */
  void noneLeft() {
    oldestLeft = null;
  }

  /** Removes an entry and fetches it again, which counts as a delivery. */
  void fetchAgain(Entry entry) {
    if (drop(entry)) {
      pending.await(entry.entryId(), true);
    }
  }

  // --- pending for another consumer

  /** Entries may be pending for another consumer: ownership must be confirmed before they start. */
  void doubt(List<EntryId> ids, long now) {
    pending.doubt(ids);
    for (EntryId id : ids) {
      Entry entry = pending.entry(id);
      if (entry != null) {
        entry.doubt(now);
      }
    }
  }

  /** Entries were handed over to the holder of their channel's lock. */
  void handedOver(Set<EntryId> ids) {
    metrics.handedOver(ids.size());
    for (EntryId id : ids) {
      Entry entry = pending.entry(id);
      // A user may have cancelled it meanwhile: then it is being settled, and counted there.
      if (entry != null && !entry.settling()) {
        drop(entry);
      }
      pending.unpark(id);
    }
  }

  /** Removes entries that are known only by id. */
  void forget(Set<EntryId> ids) {
    if (!ids.isEmpty()) {
      pending.forgetParked(stream, ids);
      ids.forEach(pending::unpark);
      pending.forgetWaiting(ids);
      stopped.removeAll(ids);
    }
  }

  // --- cancelled before they are in flight

  /** Cancels an entry that is known only by id: it is fetched, and settled when it arrives. */
  void stop(EntryId id) {
    if (pending.parked().contains(id)) {
      pending.forgetParked(stream, Set.of(id));
      pending.await(id, false);
    }
    if (pending.isWaiting(id)) {
      stopped.add(id);
    }
  }

  /** Whether an entry that has arrived was cancelled before. */
  boolean wasStopped(Entry entry) {
    return stopped.remove(entry.entryId());
  }

  /** Entries that have not arrived never will, since they are not pending for this consumer. */
  void willNotCome(Collection<EntryId> ids) {
    if (!stopped.isEmpty()) {
      ids.forEach(stopped::remove);
    }
  }
}
