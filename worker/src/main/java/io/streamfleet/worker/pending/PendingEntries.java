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
 * All that is pending for us in one stream, as far as we know: entries in flight, entries parked
 * behind a lock that is not Streamfleet's, and entries known by id only, which wait for room.
 * Belongs to the pipeline's loop.
 */
public final class PendingEntries {

  /**
   * An entry known by id only.
   *
   * @param redelivered whether fetching it is one more delivery: its last owner, an earlier life of
   *     this consumer, may have died of it
   */
  public record Waiting(EntryId id, boolean redelivered) {}

  private final Map<EntryId, Entry> entries = new HashMap<>();
  private final Map<EntryId, Parking> parked = new HashMap<>();
  private final Set<EntryId> doubted = new HashSet<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Set<EntryId> waitingIds = new HashSet<>();

  /** Takes an entry in flight; false when it is there already. */
  public boolean take(Entry entry) {
    return entries.putIfAbsent(entry.entryId(), entry) == null;
  }

  /** Lets an entry go; false when it is not in flight any more. */
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

  /** How many entries are in flight. May be asked from anywhere, and is then about right. */
  public int size() {
    return entries.size();
  }

  public Collection<Entry> entries() {
    return entries.values();
  }

  /** Moves an entry out of hand, to wait known by its id. */
  public void park(Entry entry, Parking where) {
    entries.remove(entry.entryId(), entry);
    parked.put(entry.entryId(), where);
  }

  /** Ends the parking of an id, because it is fetched, handed over or lost. */
  public void unpark(EntryId id) {
    Parking where = parked.remove(id);
    if (where != null) {
      where.left(id);
    }
    doubted.remove(id);
  }

  /**
   * Notes entries that were to be handed over, when it is not known whether they were: they may be
   * another's, and may have been handled there.
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

  /** An entry that was doubted is ours, and was all the time. */
  public void believe(EntryId id) {
    doubted.remove(id);
  }

  /** Where an entry waits that is known by its id only; nothing if it does not. */
  public @Nullable Parking parkedAt(EntryId id) {
    return parked.get(id);
  }

  /** How many entries are parked. May be asked from anywhere, and is then about right. */
  public int parkedCount() {
    return parked.size();
  }

  /** How often each parked entry was delivered, as far as is known. */
  public Map<EntryId, Integer> parkedDeliveries() {
    Map<EntryId, Integer> deliveries = new HashMap<>();
    parked.forEach((id, where) -> deliveries.put(id, where.deliveries()));
    return deliveries;
  }

  public Set<EntryId> parked() {
    return parked.keySet();
  }

  /** Nobody is to wait any more for what is parked of these. */
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

  /** Notes an id that is pending for us and to be fetched, unless it is known already. */
  public void await(EntryId id, boolean redelivered) {
    if (!entries.containsKey(id) && !parked.containsKey(id) && waitingIds.add(id)) {
      waiting.add(new Waiting(id, redelivered));
    }
  }

  /** Puts ids that could not be fetched back to where they were: before all that came later. */
  public void putBack(List<Waiting> unfetched) {
    for (Waiting next : unfetched.reversed()) {
      EntryId id = next.id();
      if (!entries.containsKey(id) && !parked.containsKey(id) && waitingIds.add(id)) {
        waiting.addFirst(next);
      }
    }
  }

  /** Takes ids out of the queue of those waiting, the oldest first, all of one kind. */
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

  /** Those that wait for room, and whose fetching will be one more delivery. */
  public List<EntryId> notCountedYet() {
    return waiting.stream().filter(Waiting::redelivered).map(Waiting::id).toList();
  }

  public List<EntryId> waitingIds() {
    return waiting.stream().map(Waiting::id).toList();
  }

  /** Forgets ids that are not pending for us any more. */
  public void forgetWaiting(Set<EntryId> ids) {
    if (waitingIds.removeAll(ids)) {
      waiting.removeIf(entry -> ids.contains(entry.id()));
    }
  }
}
