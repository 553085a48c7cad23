package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
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
final class InternalFailures {

  /** From a task that failed to the search for what it left behind. */
  private static final Duration STOCK = Duration.ofSeconds(1);

  private final PipelineContext pipeline;
  private boolean stockIsDue;

  InternalFailures(PipelineContext pipeline) {
    this.pipeline = pipeline;
  }

  /** Does something for one entry. */
  void guarded(Entry entry, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      recover(entry, e);
    }
  }

  /** The same for what is heard of an entry later. */
  <T> Consumer<T> guarded(Entry entry, Consumer<T> task) {
    return value -> guarded(entry, () -> task.accept(value));
  }

  /** Takes an entry in, unless it was stopped before. */
  void takeIn(Entry entry, Cancellation cancellation) {
    try {
      if (!cancellation.stops(entry)) {
        pipeline.accept(entry);
      }
    } catch (RuntimeException | Error e) {
      recover(entry, e);
    }
  }

  /** A task failed over an entry. */
  void recover(Entry entry, Throwable failure) {
    pipeline.log().bug(entry, failure);
    letGo(entry);
  }

  /** Redis has taken what became of an entry: does what is left, which may not keep it here. */
  void closing(Entry entry, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      pipeline.log().bug(entry, e);
      pipeline.intakeOf(entry).ownership().drop(entry);
      abandon(entry);
    }
  }

  private void letGo(Entry entry) {
    abandon(entry);
    // Of what is on its way to Redis the answer is still to come.
    if (!entry.settling()) {
      fetchAgain(entry);
    }
  }

  /** An entry is fetched again, as one more delivery. */
  private void fetchAgain(Entry entry) {
    StreamIntake intake = pipeline.intakeOf(entry);
    if (intake.ownership().drop(entry)) {
      intake.pending().await(entry.entryId(), true);
    }
  }

  private void abandon(Entry entry) {
    DispatchOrder order = pipeline.orderOf(entry);
    try {
      order.abandon(entry);
    } catch (RuntimeException | Error e) {
      pipeline.log().bug(entry, e);
    }
  }

  /**
   * A task of the loop failed, and nobody knows over which entry: once what is under way has ended,
   * it shows.
   */
  void taskFailed(Throwable failure) {
    pipeline.log().bug(failure);
    if (!stockIsDue) {
      stockIsDue = true;
      pipeline.loop().after(STOCK, this::takeStock);
    }
  }

  /** Finds entries in flight that nobody works on any more. */
  private void takeStock() {
    stockIsDue = false;
    boolean idle = pipeline.settlement().nothingIsOpen();
    List<Entry> forgotten = new ArrayList<>();
    for (StreamIntake intake : pipeline.intakes()) {
      for (Entry entry : intake.pending().entries()) {
        boolean settled = entry.settling() && !idle;
        if (!settled && !entry.isWithHandler() && !pipeline.orderOf(entry).holds(entry)) {
          forgotten.add(entry);
        }
      }
    }
    for (Entry entry : forgotten) {
      abandon(entry);
      fetchAgain(entry);
    }
    if (!forgotten.isEmpty()) {
      pipeline.log().forgotten(forgotten);
    }
  }
}
