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
 * The entries of one channel, in stream order, and what they wait for. Belongs to the pipeline's
 * loop, but for what a handler's thread asks by {@link #allows}.
 */
final class Lane implements DispatchOrder.Place {

  /**
   * What its entries have in common, see {@link io.streamfleet.worker.channel.LockKeys#groupOf}.
   */
  final String group;

  final String channel;
  final String key;
  private final DispatchOrder order;
  LaneState state = LaneState.WANTS_LOCK;
  final ParkedQueue parked = new ParkedQueue();

  /** What has its entries wait that are parked; made with the first. */
  @Nullable Parking parking;

  /** Entries that are with the handler, in their order. */
  final ArrayDeque<Entry> running = new ArrayDeque<>();

  /** The entry that waits for its next attempt, and holds up the lane. */
  @Nullable Entry retrying;

  /** The parked entry that waits for the time of its next attempt, and holds up the lane. */
  @Nullable ParkedEntry resting;

  /**
   * From which on the entries of a stream were left: they are pending for us and not known, and
   * what comes newly comes after them. Empty as a rule.
   */
  final Map<StreamConsumer, EntryId> left = new HashMap<>(0);

  /** Whether what was left is asked for. */
  boolean refills;

  /** Whether it has nothing to do until what was left is found. */
  boolean awaitsLeft;

  /** Whether the first parked entry is one whose next attempt is due. */
  boolean isDue;

  /** How many parked entries are fetched at a time. */
  final FetchSize fetchSize = new FetchSize();

  /**
   * A question about the lock or the entries is on its way, and nothing starts before its answer.
   */
  boolean checking;

  /** Whether the lock may be ours: it was asked for, and nobody has said that another has it. */
  boolean maybeLocked;

  /** Transfers of its entries that are on their way to who holds the lock; one for each stream. */
  int transfers;

  /** When it began to want the lock. */
  long wantedSince;

  /** When it got the lock. */
  long heldSince;

  /** When it ran out of work, with the lock in flight. */
  long idleSince;

  /** Entries handled since it got the lock. */
  int handled;

  /** Tries to get the lock from a foreign holder. */
  int polls;

  /** Times in a row that Redis refused the lock's key. */
  int refusedLocks;

  /** Whether the log names the key of the present refusals. */
  boolean refusalNamed;

  private final ArrayDeque<Entry> queue = new ArrayDeque<>();

  /**
   * Entries that were queued for their next attempt: older ones that come late may fail as well.
   */
  private final List<Entry> due = new ArrayList<>();

  private volatile long lockedUntil;
  private volatile long restAt;
  private volatile boolean halted;

  /**
   * @param order hears what became of its entries
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

  /** Prepares for a new run of entries that has to be over at a time. */
  void goOnUntil(long time) {
    restAt = time;
    halted = false;
  }

  /** The lock is surely ours until a time, in the loop's nanoseconds. */
  void locked(long until) {
    lockedUntil = until;
  }

  boolean surelyLocked(long now) {
    return now - lockedUntil < 0;
  }

  /**
   * Adds an entry at its place in stream order; entries of different streams keep arrival order.
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

  /** Whether an entry that failed still waits for its next attempt, which is due. */
  boolean hasDue() {
    due.removeIf(entry -> !queue.contains(entry));
    return isDue || !due.isEmpty();
  }

  private static boolean comesBefore(Entry one, Entry other) {
    return one.streamName().equals(other.streamName())
        && one.entryId().compareTo(other.entryId()) < 0;
  }

  /** Whether an entry comes after some that were left. */
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
   * Takes up to so many entries off the head, none out of turn, and none behind another that waits
   * for its next attempt.
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

  /** Whether an entry waits here, for its turn or for its next attempt. */
  boolean holds(Entry entry) {
    return retrying == entry || queue.contains(entry);
  }

  /**
   * Takes out the newest of what has not met the handler, so that some are left: of its queue, and
   * of what waits on a handler's thread behind another.
   *
   * @param mayGo which may be taken; an older one than that is left
   * @return those, the oldest first
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

  /** For how long the oldest of its entries in flight has been so; 0 if it has none. */
  long waitsFor(long now) {
    Entry oldest = running.isEmpty() ? queue.peekFirst() : running.getFirst();
    return oldest == null ? 0 : now - oldest.arrivedAt();
  }

  /** All that waits, which is taken out. */
  List<Entry> takeAll() {
    List<Entry> all = new ArrayList<>(queue);
    queue.clear();
    return all;
  }

  /** All that waits, in its order, to be looked at. */
  Collection<Entry> queue() {
    return Collections.unmodifiableCollection(queue);
  }

  int queuedCount() {
    return queue.size();
  }

  boolean hasWork() {
    return !queue.isEmpty() || !parked.isEmpty();
  }

  /** Whether nothing is under way that must end before the next entry starts. */
  boolean free() {
    return running.isEmpty() && retrying == null && resting == null && !checking;
  }
}
