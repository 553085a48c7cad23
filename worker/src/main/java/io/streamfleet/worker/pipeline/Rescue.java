package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.lane.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What becomes of an entry over which a task of the loop failed, by a mistake of ours: it is that
 * entry's failure, and nobody else's. The entry is let go and fetched again, which counts as one
 * more delivery; so a mistake that repeats itself ends in the dead letters, and does not hold up a
 * channel for ever under a worker that looks well. Belongs to the pipeline's loop.
 */
final class Rescue {

  /** From a task that failed to the search for what it left behind. */
  private static final Duration STOCK = Duration.ofSeconds(1);

  private final Pipeline pipeline;
  private boolean stockIsDue;

  Rescue(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Does something for one entry. */
  void guarded(Entry entry, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      rescue(entry, e);
    }
  }

  /** The same for what is heard of an entry later. */
  <T> Consumer<T> guarded(Entry entry, Consumer<T> task) {
    return value -> guarded(entry, () -> task.accept(value));
  }

  /** Takes an entry in that has come into hand, unless it was stopped before. */
  void takeIn(Entry entry, Cancelling cancelling) {
    try {
      if (!cancelling.stops(entry)) {
        pipeline.accept(entry);
      }
    } catch (RuntimeException | Error e) {
      rescue(entry, e);
    }
  }

  /** A task failed over an entry. */
  void rescue(Entry entry, Throwable failure) {
    pipeline.diary().bug(entry, failure);
    letGo(entry);
  }

  /** Redis has taken what became of an entry, and only our books were left to be closed. */
  void closeBooks(Entry entry, Throwable failure) {
    pipeline.diary().bug(entry, failure);
    pipeline.flowOf(entry).ownership().drop(entry);
    abandon(entry);
  }

  private void letGo(Entry entry) {
    abandon(entry);
    // Of what is on its way to Redis the answer is still to come.
    if (!entry.settling()) {
      fetchAgain(entry);
    }
  }

  /** An entry leaves the hand and is fetched again, as one more delivery. */
  private void fetchAgain(Entry entry) {
    Flow flow = pipeline.flowOf(entry);
    if (flow.ownership().drop(entry)) {
      flow.hand().await(entry.entryId(), true);
    }
  }

  private void abandon(Entry entry) {
    Track track = pipeline.trackOf(entry);
    try {
      track.abandon(entry);
    } catch (RuntimeException | Error e) {
      pipeline.diary().bug(entry, e);
    }
  }

  /**
   * A task of the loop failed, and nobody knows over which entry: once what is under way has ended,
   * it shows.
   */
  void taskFailed(Throwable failure) {
    pipeline.diary().bug(failure);
    if (!stockIsDue) {
      stockIsDue = true;
      pipeline.loop().after(STOCK, this::takeStock);
    }
  }

  /** Finds entries in hand that nobody works on any more. */
  private void takeStock() {
    stockIsDue = false;
    boolean idle = pipeline.settlement().nothingIsOpen();
    List<Entry> forgotten = new ArrayList<>();
    for (Flow flow : pipeline.flows()) {
      for (Entry entry : flow.hand().entries()) {
        boolean settled = entry.settling() && !idle;
        if (!settled && !entry.isWithHandler() && !pipeline.trackOf(entry).holds(entry)) {
          forgotten.add(entry);
        }
      }
    }
    for (Entry entry : forgotten) {
      abandon(entry);
      fetchAgain(entry);
    }
    if (!forgotten.isEmpty()) {
      pipeline.diary().forgotten(forgotten);
    }
  }
}
