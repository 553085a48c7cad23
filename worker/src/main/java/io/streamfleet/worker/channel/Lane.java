package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.pending.Parking;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one channel in stream order, and the state of their lock. Belongs to the
 * pipeline's loop, except for {@link #allows} and {@link #halt}, which handlers' threads call.
 */
final class Lane implements DispatchOrder.Place {

  /** The group of its entries, see {@link io.streamfleet.worker.channel.LockKeys#groupOf}. */
  final String group;

  final String channel;
  final String key;
  private final DispatchOrder order;
  LaneState state = LaneState.WANTS_LOCK;
  final ParkedQueue parked = new ParkedQueue();

  /** Where its parked entries wait; created with the first one. */
  @Nullable Parking parking;

  /** Entries that are with the handler, in order. */
  final ArrayDeque<Entry> running = new ArrayDeque<>();

  /** The entry that waits for its next attempt, and with it the lane. */
  @Nullable Entry retrying;

  /** The parked entry that waits until its next attempt is due, and with it the lane. */
  @Nullable ParkedEntry resting;

  /**
   * The first entry of each stream that was left out, with all that follow it: they are pending for
   * this consumer and not known here. Usually empty.
   */
  final Map<StreamConsumer, EntryId> left = new HashMap<>(0);

  /** Whether a search for the entries that were left out is requested. */
  boolean refills;

  /** Whether it has nothing to do until entries that were left out are found. */
  boolean awaitsLeft;

  /** Whether the first parked entry is one whose next attempt is due. */
  boolean isDue;

  /** How many parked entries are fetched at a time. */
  final FetchSize fetchSize = new FetchSize();

  /**
   * Whether lock or ownership are being confirmed, or entries fetched: nothing starts before the
   * reply.
   */
  boolean checking;

  /** Whether it may hold the lock: acquired or being acquired, and not known to be lost. */
  boolean maybeLocked;

  /** Hand-overs in progress, one for each stream. */
  int transfers;

  /** Since when it waits for the lock. */
  long wantedSince;

  /** When it got the lock. */
  long heldSince;

  /** Since when it holds the lock without work. */
  long idleSince;

  /** Attempts in a row to get the lock from a foreign holder. */
  int polls;

  /** How often in a row Redis refused the lock's key. */
  int refusedLocks;

  /** Whether the current refusals were logged with the key. */
  boolean refusalNamed;

  private final ArrayDeque<Entry> queue = new ArrayDeque<>();

  /**
   * Queued entries whose next attempt is due. There may be several, if an older entry arrives late
   * and fails as well.
   */
  private final List<Entry> due = new ArrayList<>();

  private volatile long lockedUntil;
  private volatile long restAt;
  private volatile boolean halted;

  /**
   * @param order notified of its entries
   */
  Lane(String group, String channel, String key, DispatchOrder order, long now) {
    this.order = order;
    this.group = group;
    this.channel = channel;
    this.key = key;
    this.wantedSince = now;
  }

  @Override
  public boolean allows(long now) {
    return !halted && now - lockedUntil < 0 && now - restAt < 0;
  }

  @Override
  public void halt() {
    halted = true;
  }

  @Override
  public boolean keepsOrder() {
    return true;
  }

  @Override
  public DispatchOrder order() {
    return order;
  }

  /** Permits entries to start until a time, in the loop's nanoseconds. */
  void goOnUntil(long time) {
    restAt = time;
    halted = false;
  }

  /** The lock is held until a time at least, in the loop's nanoseconds. */
  void locked(long until) {
    lockedUntil = until;
  }

  boolean surelyLocked(long now) {
    return now - lockedUntil < 0;
  }

  /**
   * Adds an entry at its position in stream order. Entries of different streams keep the order of
   * arrival.
   */
  void add(Entry entry) {
    entry.lease(this);
    Entry last = queue.peekLast();
    if (last == null || !comesBefore(entry, last)) {
      queue.addLast(entry);
      return;
    }
    List<Entry> sorted = new ArrayList<>(queue);
    int at = sorted.size();
    while (at > 0 && comesBefore(entry, sorted.get(at - 1))) {
      at--;
    }
    sorted.add(at, entry);
    queue.clear();
    queue.addAll(sorted);
  }

  /** Adds an entry whose next attempt is due. */
  void addDue(Entry entry) {
    due.add(entry);
    add(entry);
  }

  /** Whether the next attempt of a failed entry is due and has not started. */
  boolean hasDue() {
    due.removeIf(entry -> !queue.contains(entry));
    return isDue || !due.isEmpty();
  }

  private static boolean comesBefore(Entry one, Entry other) {
    return one.streamName().equals(other.streamName())
        && one.entryId().compareTo(other.entryId()) < 0;
  }

  /** Whether an entry comes after entries that were left out. */
  boolean isBehindLeft(Entry entry) {
    EntryId from = left.isEmpty() ? null : left.get(entry.streamName());
    return from != null && from.compareTo(entry.entryId()) <= 0;
  }

  /** Whether an older entry of the same stream is still parked. */
  boolean isBehindParked(Entry entry) {
    ParkedEntry first = parked.peek();
    return first != null
        && first.stream().equals(entry.streamName())
        && first.id().compareTo(entry.entryId()) < 0;
  }

  /**
   * Removes up to so many entries from the head, in order. Stops before a parked entry, and before
   * an entry that waits for its next attempt unless it is the first.
   */
  List<Entry> take(int most) {
    List<Entry> taken = new ArrayList<>(Math.min(most, queue.size()));
    Entry head;
    while (taken.size() < most
        && (head = queue.peek()) != null
        && !isBehindParked(head)
        && (taken.isEmpty() || !head.waits())) {
      taken.add(queue.poll());
    }
    return taken;
  }

  @Nullable Entry head() {
    return queue.peek();
  }

  /** The stream of one of its entries, if it has any. */
  @Nullable StreamConsumer anyStream() {
    Entry any = running.isEmpty() ? head() : running.getFirst();
    if (any != null) {
      return any.streamName();
    }
    return parked.isEmpty() ? null : parked.getFirst().stream();
  }

  boolean remove(Entry entry) {
    return queue.remove(entry);
  }

  /** Whether an entry is queued here or waits for its next attempt. */
  boolean holds(Entry entry) {
    return retrying == entry || queue.contains(entry);
  }

  /**
   * Removes the newest entries whose handler has not started: from the queue, then from those that
   * wait on a handler's thread behind another.
   *
   * @param keep how many entries must stay in flight
   * @param mayGo which entries may be removed; ends at the first one that may not
   * @return the removed entries, the oldest first
   */
  List<Entry> takeNewest(int keep, Predicate<Entry> mayGo) {
    ArrayDeque<Entry> taken = new ArrayDeque<>();
    Entry last;
    while (inFlight() > keep && (last = queue.peekLast()) != null && mayGo.test(last)) {
      taken.addFirst(last);
      queue.removeLast();
    }
    while (queue.isEmpty()
        && running.size() > keep
        && mayGo.test(running.getLast())
        && running.getLast().withdraw()) {
      taken.addFirst(running.removeLast());
    }
    return List.copyOf(taken);
  }

  /** How many of its entries are in flight. */
  int inFlight() {
    return queue.size() + running.size();
  }

  /** How long the oldest of its entries has been in flight, in nanoseconds; 0 if there is none. */
  long waitsFor(long now) {
    Entry oldest = running.isEmpty() ? queue.peekFirst() : running.getFirst();
    return oldest == null ? 0 : now - oldest.arrivedAt();
  }

  /** Removes and returns all queued entries. */
  List<Entry> takeAll() {
    List<Entry> all = new ArrayList<>(queue);
    queue.clear();
    return all;
  }

  /** A view of the queued entries in order. */
  Collection<Entry> queue() {
    return Collections.unmodifiableCollection(queue);
  }

  int queuedCount() {
    return queue.size();
  }

  boolean hasWork() {
    return !queue.isEmpty() || !parked.isEmpty();
  }

  /** Whether nothing must end before the next entry can start. */
  boolean free() {
    return running.isEmpty() && retrying == null && resting == null && !checking;
  }
}
