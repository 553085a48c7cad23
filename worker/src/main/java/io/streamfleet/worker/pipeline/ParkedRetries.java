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
import org.jspecify.annotations.Nullable;

/**
 * Entries that wait for the time of their next attempt, known by id: they take up neither credit
 * nor room for payloads. When one is due its order fetches it, and it comes in once more with what
 * is known of it here. Belongs to the pipeline's loop.
 */
final class ParkedRetries {

  /** Those that are due about then are fetched together; nobody notices so short a delay. */
  private static final Duration TICK = Duration.ofMillis(20);

  private final EventLoop loop;
  private final PriorityQueue<Parked> byDue =
      new PriorityQueue<>((one, other) -> Long.compare(one.dueAt - other.dueAt, 0));

  /** Those of the queue that nobody waits for any more. */
  private int over;

  /** The next look at what is due, if anything is to come. */
  private EventLoop.@Nullable Timer next;

  private long nextAt;

  ParkedRetries(EventLoop loop) {
    this.loop = loop;
  }

  /** An entry that is known by id, and what there is to know of it besides. */
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
    private boolean isForgiven;
    private boolean isQueued = true;

    Parked(Entry entry, Rest where, long dueAt, int failedAttempt, boolean isForgivable) {
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

    /** It is left in the queue until its time comes: to look for it would take longer. */
    private void leaveQueue() {
      if (isQueued) {
        isQueued = false;
        over++;
      }
    }
  }

  /**
   * Notes an entry that is to be parked.
   *
   * @param where it rests in its order
   * @param failedAttempt after which it waits
   * @param isForgivable whether that is not counted should the endpoint turn out to be unavailable
   */
  Parking add(Entry entry, Rest where, Duration wait, int failedAttempt, boolean isForgivable) {
    Parked parked =
        new Parked(entry, where, loop.now() + wait.toNanos(), failedAttempt, isForgivable);
    byDue.add(parked);
    lookLater();
    return parked;
  }

  /** Looks again when the first is due, and not at once after the last look. */
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
        first.isQueued = false;
        first.where.due(first.stream, first.id);
      } else {
        over--;
      }
    }
    lookLater();
  }

  /** How many wait for their time. */
  int waiting() {
    return byDue.size() - over;
  }

  /**
   * An entry came in that may have been parked: its next attempt waits for what is left, and is
   * counted then.
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

  /** The endpoint was unavailable since a time: attempts that failed since are made again. */
  void forgive(long since) {
    List<Parked> all = new ArrayList<>(byDue);
    byDue.clear();
    over = 0;
    long now = loop.now();
    for (Parked parked : all) {
      if (parked.isQueued) {
        if (parked.isForgivable && parked.failedAt - since >= 0) {
          parked.isForgiven = true;
          parked.dueAt = now;
        }
        byDue.add(parked);
      }
    }
    lookLater();
  }

  /** Which of a stream are parked after an attempt that was made here. */
  static List<EntryId> tried(StreamEntries entries) {
    return entries.pending().parked().stream()
        .filter(
            id -> entries.pending().parkedAt(id) instanceof Parked parked && parked.startedAt != 0)
        .toList();
  }

  /** Which of a channel's wait for their next attempt. */
  static List<EntryId> ofChannel(StreamEntries entries, String channel) {
    return entries.pending().parked().stream()
        .filter(
            id ->
                entries.pending().parkedAt(id) instanceof Parked parked
                    && parked.channel.equals(channel))
        .toList();
  }
}
