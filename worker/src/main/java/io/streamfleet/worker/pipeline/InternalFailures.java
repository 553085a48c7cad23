package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.function.Consumer;

/**
 * What becomes of an entry over which a task of the loop failed, by a mistake of ours: it is that
 * entry's failure, and nobody else's. The entry is let go and fetched again, which counts as one
 * more delivery; so a mistake that repeats itself ends in the dead letters, and does not hold up a
 * channel for ever under a worker that looks well. Belongs to the pipeline's loop.
 */
final class InternalFailures {

  private final PipelineLog log;
  private final ByStream<StreamEntries> entries;

  InternalFailures(PipelineLog log, ByStream<StreamEntries> entries) {
    this.log = log;
    this.entries = entries;
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

  /** A task failed over an entry. */
  void recover(Entry entry, Throwable failure) {
    log.bug(entry, failure);
    letGo(entry);
  }

  /** Redis has taken what became of an entry: does what is left, which may not keep it here. */
  void closing(Entry entry, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.bug(entry, e);
      entries.of(entry).drop(entry);
      abandon(entry);
    }
  }

  private void letGo(Entry entry) {
    abandon(entry);
    // Of what is on its way to Redis the answer is still to come.
    if (!entry.settling()) {
      entries.of(entry).fetchAgain(entry);
    }
  }

  private void abandon(Entry entry) {
    if (!(entry.lease() instanceof DispatchOrder.Place place)) {
      return;
    }
    try {
      place.order().abandon(entry);
    } catch (RuntimeException | Error e) {
      log.bug(entry, e);
    }
  }

  /** Entries in flight that nobody works on any more: they are let go and fetched again. */
  void recover(List<Entry> forgotten) {
    for (Entry entry : forgotten) {
      abandon(entry);
      entries.of(entry).fetchAgain(entry);
    }
    if (!forgotten.isEmpty()) {
      log.forgotten(forgotten);
    }
  }
}
