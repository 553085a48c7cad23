package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.Rest;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.entry.Wait;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Parking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parked entries that wait for their next attempt, or for a limit: they use neither credits nor
 * room for payloads. When one is due, its order fetches it, and it arrives again with the state
 * that is kept here. Belongs to the pipeline's loop.
 */
final class ParkedRetries {

  /** Entries with shorter waits are not parked, since fetching them again is a call. */
  static final Duration SHORTEST = Duration.ofMillis(500);

  /** Entries that are due within this time are fetched together; the delay is not noticeable. */
  private static final Duration TICK = Duration.ofMillis(20);

  private final EventLoop loop;
  private final PriorityQueue<Parked> byDue =
      new PriorityQueue<>((one, other) -> Long.compare(one.dueAt - other.dueAt, 0));

  /** How many elements of the queue wait for limits. */
  private int limited;

  /** How many elements of the queue are not waited for any more. */
  private int over;

  /** The timer for the next check of the queue, if it is not empty. */
  private EventLoop.@Nullable Timer next;

  private long nextAt;

  ParkedRetries(EventLoop loop) {
    this.loop = loop;
  }

  /** A parked entry with the state that it gets back when it arrives again. */
  private final class Parked implements Parking {

    private final StreamConsumer stream;
    private final EntryId id;
    private final String channel;
    private final Rest where;
    private final int failedAttempt;
    private final int deliveries;
    private final long startedAt;
    private final int breaks;
    private final int endpointDeaths;
    private final long failedAt;
    private final boolean isForgivable;
    private long dueAt;
    private final boolean isLimited;
    private boolean isForgiven;
    private boolean isQueued = true;

    /**
     * @param isLimited whether it waits for a limit, without having been tried
     */
    Parked(
        Entry entry,
        Rest where,
        long dueAt,
        int failedAttempt,
        boolean isForgivable,
        boolean isLimited) {
      this.deliveries = entry.attempt();
      this.startedAt = entry.startedAt();
      this.stream = entry.streamName();
      this.id = entry.entryId();
      this.channel = entry.channel();
      this.breaks = entry.breaks();
      this.endpointDeaths = entry.endpointDeaths();
      this.where = where;
      this.failedAttempt = failedAttempt;
      this.failedAt = loop.now();
      this.isForgivable = isForgivable;
      this.dueAt = dueAt;
      this.isLimited = isLimited;
      this.isForgiven = isLimited;
      if (isLimited) {
        limited++;
      }
    }

    @Override
    public void forget(StreamConsumer of, Set<EntryId> ids) {
      leaveQueue();
      where.forget(of, ids);
    }

    @Override
    public void left(EntryId gone) {
      leaveQueue();
    }

    @Override
    public int deliveries() {
      return deliveries;
    }

    private void unqueued() {
      isQueued = false;
      if (isLimited) {
        limited--;
      }
    }

    /** It stays in the queue until it is due, since removing it would mean to search for it. */
    private void leaveQueue() {
      if (isQueued) {
        unqueued();
        over++;
      }
    }
  }

  /**
   * Adds an entry that is about to be parked.
   *
   * @param where its place in its order
   * @param failedAttempt the number of the attempt that failed
   * @param isForgivable whether that attempt is not counted if the endpoint turns out to be
   *     unavailable
   */
  Parking add(Entry entry, Rest where, Duration wait, int failedAttempt, boolean isForgivable) {
    return add(
        new Parked(entry, where, loop.now() + wait.toNanos(), failedAttempt, isForgivable, false));
  }

  /** The same for an entry that a limit does not permit to start; no attempt is used. */
  Parking addLimited(Entry entry, Rest where, Duration wait) {
    return add(new Parked(entry, where, loop.now() + wait.toNanos(), entry.attempt(), false, true));
  }

  private Parked add(Parked parked) {
    byDue.add(parked);
    lookLater();
    return parked;
  }

  /** How many entries wait for limits. */
  int limited() {
    return limited;
  }

  /** Entries that wait for limits are due now. */
  void wakeLimited() {
    change(
        parked -> {
          if (parked.isLimited) {
            parked.dueAt = loop.now();
          }
        });
  }

  /** Plans the next check for when the first entry is due, but not before {@link #TICK}. */
  private void lookLater() {
    Parked first = byDue.peek();
    if (first == null) {
      return;
    }
    long now = loop.now();
    long wait = Math.max(first.dueAt - now, TICK.toNanos());
    EventLoop.Timer planned = next;
    if (planned != null) {
      if (nextAt - (now + wait) <= 0) {
        return;
      }
      planned.cancel();
    }
    nextAt = now + wait;
    next = loop.afterNanos(wait, this::look);
  }

  private void look() {
    next = null;
    long now = loop.now();
    Parked first;
    while ((first = byDue.peek()) != null && (!first.isQueued || first.dueAt - now <= 0)) {
      byDue.poll();
      if (first.isQueued) {
        first.unqueued();
        first.where.due(first.stream, first.id);
      } else {
        over--;
      }
    }
    lookLater();
  }

  /** How many entries wait. */
  int waiting() {
    return byDue.size() - over;
  }

  /**
   * An entry arrived that may have been parked here. If so it gets its state back; its next attempt
   * waits for the rest of the wait, and is counted then.
   */
  void arrived(StreamEntries entries, Entry entry) {
    if (!(entries.pending().parkedAt(entry.entryId()) instanceof Parked parked)) {
      return;
    }
    parked.leaveQueue();
    entry.breaks(parked.breaks);
    entry.endpointDeaths(parked.endpointDeaths);
    if (parked.isForgiven) {
      entry.attempt(parked.failedAttempt);
    } else {
      long left = Math.max(0, parked.dueAt - loop.now());
      entry.waitFor(new Wait(Duration.ofNanos(left), parked.failedAttempt));
      entry.startedBefore(parked.startedAt);
    }
  }

  /** The endpoint is unavailable since a time: attempts that failed since then are repeated. */
  void forgive(long since) {
    change(
        parked -> {
          if (parked.isForgivable && parked.failedAt - since >= 0) {
            parked.isForgiven = true;
            parked.dueAt = loop.now();
          }
        });
  }

  /** Changes when entries are due. */
  private void change(Consumer<Parked> how) {
    List<Parked> all = new ArrayList<>(byDue);
    byDue.clear();
    over = 0;
    for (Parked parked : all) {
      if (parked.isQueued) {
        how.accept(parked);
        byDue.add(parked);
      }
    }
    lookLater();
  }

  /** The parked entries of a stream whose failed attempt ran in this process. */
  static List<EntryId> tried(StreamEntries entries) {
    return entries.pending().parked().stream()
        .filter(
            id -> entries.pending().parkedAt(id) instanceof Parked parked && parked.startedAt != 0)
        .toList();
  }

  /** The entries of a channel that are parked here. */
  static List<EntryId> ofChannel(StreamEntries entries, String channel) {
    return entries.pending().parked().stream()
        .filter(
            id ->
                entries.pending().parkedAt(id) instanceof Parked parked
                    && parked.channel.equals(channel))
        .toList();
  }
}
