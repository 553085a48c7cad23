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
 * Fetches entries of one stream that are pending for this consumer and known only by id, as far as
 * there is room. Belongs to the pipeline's loop.
 */
final class FetchQueue {

  /** Ids in one fetch: with usual payloads a reply then has some 100 KiB. */
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
   * Fetches of parked entries in progress. Reads need not wait for them, since parked entries keep
   * their place in their order.
   */
  private int openParked;

  private boolean paused;

  /** The size in bytes of the first waiting entry if it is known, else 1. */
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
   * Whether no fetch of waiting entries is in progress or necessary. Fetched entries are older than
   * those of a read and could arrive after them. A claim that overtakes a fetch of the same entries
   * would count their delivery twice.
   */
  boolean idle() {
    return open == 0 && !pending.hasWaiting();
  }

  /** Whether a fetch is in progress. */
  boolean underWay() {
    return open + openParked > 0;
  }

  /** Receives fetched entries. */
  interface Fetched {

    /**
     * Entries arrived.
     *
     * @param reached the ids that were processed; those without an entry in the batch are not
     *     pending for this consumer
     */
    void fetched(Batch batch, List<EntryId> reached);
  }

  /** Sets the receiver of fetched entries. */
  void start(Fetched takesIn) {
    arrivals = takesIn;
  }

  /** Fetches waiting entries, the oldest first, as far as there is room. */
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

  /** Ends the pause after a failed fetch. */
  void goOn() {
    paused = false;
  }

  /**
   * Fetches parked entries as far as there is room.
   *
   * @param then called with the ids that stay parked
   */
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
            // Now the size of the first entry is known.
            fetchParked(ids, bytes, then);
          } else {
            then.accept(ids.subList(reached, ids.size()));
          }
        },
        () -> then.accept(ids));
  }

  /** Gets the result of a fetch. */
  private interface Reached {

    /**
     * @param reached how many of the ids were processed
     * @param next the size in bytes of the next entry, which did not fit; 0 if all may fit
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
