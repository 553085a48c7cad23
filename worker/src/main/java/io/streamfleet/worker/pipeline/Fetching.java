package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Hand;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Brings entries of one stream into hand that are pending for us and known by id only, as there is
 * room. Belongs to the pipeline's loop.
 */
final class Fetching {

  /** Ids in one fetch: each brings a payload, and a reply of some 100 KiB is a good size. */
  private static final int MOST = 250;

  static final String FETCH = "fetch";

  private final Pipeline pipeline;
  private final Credits credits;
  private final Hand hand;
  private final Fetcher fetcher;
  private final BiConsumer<Batch, List<EntryId>> fetched;
  private final CallReport calls;
  private int open;
  private boolean paused;

  /**
   * @param fetched takes in what came, and hears what was asked for
   */
  Fetching(
      Pipeline pipeline,
      Credits credits,
      Hand hand,
      Fetcher fetcher,
      BiConsumer<Batch, List<EntryId>> fetched,
      CallReport calls) {
    this.pipeline = pipeline;
    this.credits = credits;
    this.hand = hand;
    this.fetcher = fetcher;
    this.fetched = fetched;
    this.calls = calls;
  }

  /**
   * Whether no fetch is on its way or to come. What is fetched is older than what a read would
   * bring, and could arrive after it; a claim that overtakes a fetch of the same entries would
   * count their delivery twice.
   */
  boolean idle() {
    return open == 0 && !hand.hasWaiting();
  }

  /** Fetches ids that wait for room, the oldest first, if there is some. */
  void fetchWaiting() {
    int room = Math.min(MOST, credits.forPending());
    if (pipeline.draining() || open > 0 || paused || room == 0 || !hand.hasWaiting()) {
      return;
    }
    List<Hand.Waiting> next = hand.nextWaiting(room);
    boolean redelivered = next.getFirst().redelivered();
    fetch(
        next.stream().map(Hand.Waiting::id).toList(),
        redelivered,
        answered -> {
          if (!answered) {
            hand.putBack(next);
            paused = true;
            pipeline.loop().after(Backoff.REDIS.max(), this::goOn);
          }
        });
  }

  /** There is reason to think that what failed works now. */
  void goOn() {
    paused = false;
  }

  /** Brings parked entries back; tells whether Redis answered. */
  void fetchParked(List<EntryId> ids, Consumer<Boolean> then) {
    fetch(
        ids,
        false,
        answered -> {
          if (answered) {
            ids.forEach(hand::unpark);
          }
          then.accept(answered);
        });
  }

  private void fetch(List<EntryId> ids, boolean redelivered, Consumer<Boolean> then) {
    open++;
    credits.fetching(ids.size());
    fetcher.fetch(
        ids,
        redelivered,
        (batch, failure) -> {
          open--;
          credits.fetched(ids.size());
          if (batch != null) {
            credits.taken(batch.size());
            calls.worked(FETCH);
            fetched.accept(batch, ids);
          } else if (failure != null) {
            calls.failed(FETCH, failure);
          }
          then.accept(batch != null);
        });
  }
}
