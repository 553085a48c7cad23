package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The known pending entries of this consumer in one stream: entries in flight, parked entries, and
 * entries that wait to be fetched. Of the latter two only the id is known. Belongs to the
 * pipeline's loop.
 */
public final class PendingEntries {

  /**
   * An entry that waits to be fetched.
   *
   * @param redelivered whether fetching it counts as a delivery: it may have killed its last owner,
   *     another consumer or an earlier process of this name
   */
  public record Waiting(EntryId id, boolean redelivered) {}

  private final Map<EntryId, Entry> entries = new HashMap<>();
  private final Map<EntryId, Parking> parked = new HashMap<>();
  private final Set<EntryId> doubted = new HashSet<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Set<EntryId> waitingIds = new HashSet<>();

  /** Adds an entry in flight; false if it is in flight already. */
  public boolean take(Entry entry) {
    return entries.putIfAbsent(entry.entryId(), entry) == null;
  }

  /** Removes an entry; false if it is not in flight any more. */
  public boolean drop(Entry entry) {
    boolean dropped = entries.remove(entry.entryId(), entry);
    if (dropped) {
      doubted.remove(entry.entryId());
    }
    return dropped;
  }

  public @Nullable Entry entry(EntryId id) {
    return entries.get(id);
  }

  /** How many entries are in flight. On other threads the number is approximate. */
  public int size() {
    return entries.size();
  }

  public Collection<Entry> entries() {
    return entries.values();
  }

  /** Parks an entry in flight: from now on only its id is kept. */
  public void park(Entry entry, Parking where) {
    entries.remove(entry.entryId(), entry);
    parked.put(entry.entryId(), where);
  }

  /** Removes a parked entry, because it is fetched, handed over or lost. */
  public void unpark(EntryId id) {
    Parking where = parked.remove(id);
    if (where != null) {
      where.left(id);
    }
    doubted.remove(id);
  }

  /**
   * Marks entries of a hand-over whose result is unknown: they may be pending for another consumer,
   * and may have been handled there.
   */
  public void doubt(Collection<EntryId> ids) {
    for (EntryId id : ids) {
      if (entries.containsKey(id) || parked.containsKey(id)) {
        doubted.add(id);
      }
    }
  }

  public boolean doubts(EntryId id) {
    return doubted.contains(id);
  }

  /** Removes the mark of {@link #doubt}: the entry was not handed over. */
  public void believe(EntryId id) {
    doubted.remove(id);
  }

  /** Where an entry is parked; null if it is not. */
  public @Nullable Parking parkedAt(EntryId id) {
    return parked.get(id);
  }

  /** How many entries are parked. On other threads the number is approximate. */
  public int parkedCount() {
    return parked.size();
  }

  /** The delivery counts of all parked entries, as far as known. */
  public Map<EntryId, Integer> parkedDeliveries() {
    Map<EntryId, Integer> deliveries = new HashMap<>();
    parked.forEach((id, where) -> deliveries.put(id, where.deliveries()));
    return deliveries;
  }

  public Set<EntryId> parked() {
    return parked.keySet();
  }

  /** Removes those of the ids that are parked. */
  public void forgetParked(StreamConsumer stream, Set<EntryId> ids) {
    if (parked.isEmpty()) {
      return;
    }
    for (EntryId id : ids) {
      Parking where = parked.get(id);
      if (where != null) {
        where.forget(stream, ids);
        unpark(id);
      }
    }
  }

  /** Adds an entry to be fetched, unless it is known already. */
  public void await(EntryId id, boolean redelivered) {
    if (!entries.containsKey(id) && !parked.containsKey(id) && waitingIds.add(id)) {
      waiting.add(new Waiting(id, redelivered));
    }
  }

  /** Puts entries whose fetch failed back to the head of the queue, in their order. */
  public void putBack(List<Waiting> unfetched) {
    for (Waiting next : unfetched.reversed()) {
      EntryId id = next.id();
      if (!entries.containsKey(id) && !parked.containsKey(id) && waitingIds.add(id)) {
        waiting.addFirst(next);
      }
    }
  }

  /** Removes entries from the head of the queue, all with the same {@code redelivered}. */
  public List<Waiting> nextWaiting(int most) {
    List<Waiting> next = new ArrayList<>(Math.min(most, waiting.size()));
    while (next.size() < most && !waiting.isEmpty()) {
      Waiting head = waiting.peek();
      if (!next.isEmpty() && next.getFirst().redelivered() != head.redelivered()) {
        break;
      }
      waiting.poll();
      waitingIds.remove(head.id());
      next.add(head);
    }
    return next;
  }

  public int waitingCount() {
    return waiting.size();
  }

  public boolean isWaiting(EntryId id) {
    return waitingIds.contains(id);
  }

  public boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** The entries in the queue whose fetch will count as a delivery. */
  public List<EntryId> notCountedYet() {
    return waiting.stream().filter(Waiting::redelivered).map(Waiting::id).toList();
  }

  public List<EntryId> waitingIds() {
    return waiting.stream().map(Waiting::id).toList();
  }

  /** Removes entries from the queue that are not pending for this consumer any more. */
  public void forgetWaiting(Set<EntryId> ids) {
    if (waitingIds.removeAll(ids)) {
      waiting.removeIf(entry -> ids.contains(entry.id()));
    }
  }
}
