package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Fetcher;
import io.streamfleet.worker.pending.Fetcher.Delivery;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import java.util.List;
import java.util.function.Consumer;

/**
 * Brings entries of one stream in flight that are pending for us and known by id only, as there is
 * room. Belongs to the pipeline's loop.
 */
final class FetchQueue {

  /** Ids in one fetch: each brings a payload, and a reply of some 100 KiB is a good size. */
  private static final int MOST = 250;

  static final String FETCH = "fetch";

  private final EventLoop loop;
  private final IntakeSwitch intakeSwitch;
  private final Credits credits;
  private final PendingEntries pending;
  private final Fetcher fetcher;
  private final CallReport calls;
  private Fetched arrivals =
      (batch, reached) -> {
        throw new IllegalStateException("fetched before the start");
      };
  private int open;

  /**
   * Fetches of what is parked. They hold up no read: an entry that is parked is known, and has its
   * place in its order.
   */
  private int openParked;

  private boolean paused;

  /** How many bytes the first of those that wait has, if that is known; else one. */
  private long needed = 1;

  FetchQueue(Shared shared, StreamEntries entries, Fetcher fetcher, CallReport calls) {
    this.loop = shared.loop();
    this.intakeSwitch = shared.intakeSwitch();
    this.credits = shared.credits();
    this.pending = entries.pending();
    this.fetcher = fetcher;
    this.calls = calls;
  }

  /**
   * Whether no fetch is on its way or to come. What is fetched is older than what a read would
   * bring, and could arrive after it; a claim that overtakes a fetch of the same entries would
   * count their delivery twice.
   */
  boolean idle() {
    return open == 0 && !pending.hasWaiting();
  }

  /** Whether a fetch is on its way. */
  boolean underWay() {
    return open + openParked > 0;
  }

  /** Takes in what came. */
  interface Fetched {

    /**
     * Entries came.
     *
     * @param reached the ids that were reached
     */
    void fetched(Batch batch, List<EntryId> reached);
  }

  /** Begins: from now on what is fetched is taken in there. */
  void start(Fetched takesIn) {
    arrivals = takesIn;
  }

  /** Fetches ids that wait for room, the oldest first, if there is some. */
  void fetchWaiting() {
    if (intakeSwitch.isDraining() || open > 0 || paused || !pending.hasWaiting()) {
      return;
    }
    int count = Math.min(MOST, credits.forPending());
    long room = count == 0 ? 0 : credits.reserve(Math.min(count, pending.waitingCount()), needed);
    if (room == 0) {
      return;
    }
    List<PendingEntries.Waiting> next = pending.nextWaiting(count);
    Delivery delivery = next.getFirst().redelivered() ? Delivery.ONE_MORE : Delivery.COUNTED;
    open++;
    fetch(
        next.stream().map(PendingEntries.Waiting::id).toList(),
        delivery,
        room,
        () -> open--,
        (reached, bytes) -> {
          pending.putBack(next.subList(reached, next.size()));
          needed = Math.max(1, bytes);
        },
        () -> {
          pending.putBack(next);
          paused = true;
          loop.after(Backoff.REDIS.max(), this::goOn);
        });
  }

  /** There is reason to think that what failed works now. */
  void goOn() {
    paused = false;
  }

  /** Brings parked entries back, as many as there is room for; tells which are parked still. */
  void fetchParked(List<EntryId> ids, Consumer<List<EntryId>> then) {
    fetchParked(ids, 1, then);
  }

  private void fetchParked(List<EntryId> ids, long least, Consumer<List<EntryId>> then) {
    long room = credits.reserve(ids.size(), least);
    if (room == 0) {
      then.accept(ids);
      return;
    }
    openParked++;
    fetch(
        ids,
        Delivery.NONE,
        room,
        () -> openParked--,
        (reached, bytes) -> {
          ids.subList(0, reached).forEach(pending::unpark);
          if (reached == 0 && bytes > room) {
            // Now it is known how much the first one needs.
            fetchParked(ids, bytes, then);
          } else {
            then.accept(ids.subList(reached, ids.size()));
          }
        },
        () -> then.accept(ids));
  }

  /** Hears how far a fetch came. */
  private interface Reached {

    /**
     * @param reached how many of the ids were come to
     * @param next how many bytes the next one has; 0 if there is none
     */
    void upTo(int reached, long next);
  }

  private void fetch(
      List<EntryId> ids,
      Delivery delivery,
      long room,
      Runnable ended,
      Reached then,
      Runnable failed) {
    credits.fetching(ids.size());
    fetcher.fetch(
        ids,
        delivery,
        room,
        credits.room().room().largest(),
        (came, failure) -> {
          ended.run();
          credits.fetched(ids.size());
          if (came == null) {
            credits.giveBack(room);
            if (failure != null) {
              calls.failed(FETCH, failure);
            }
            failed.run();
            return;
          }
          Batch batch = came.batch();
          long bytes = batch.bytes();
          credits.giveBack(room - bytes);
          credits.seen(batch.entries().size(), bytes);
          credits.taken(batch.size());
          calls.worked(FETCH);
          arrivals.fetched(batch, ids.subList(0, came.reached()));
          then.upTo(came.reached(), came.next());
        });
  }
}
