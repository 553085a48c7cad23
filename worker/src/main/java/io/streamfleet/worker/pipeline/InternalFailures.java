package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.function.Consumer;

/**
 * Recovers from bugs of the worker while it processes an entry, so that they affect only that
 * entry. The entry is removed and fetched again, which counts as a delivery. So a bug that repeats
 * ends in a dead letter, instead of blocking a channel for ever while the worker seems healthy.
 * Belongs to the pipeline's loop.
 */
final class InternalFailures {

  private final PipelineLog log;
  private final ByStream<StreamEntries> entries;

  InternalFailures(PipelineLog log, ByStream<StreamEntries> entries) {
    this.log = log;
    this.entries = entries;
  }

  /** Runs a task for one entry. */
  void guarded(Entry entry, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      recover(entry, e);
    }
  }

  /** Wraps a callback for one entry. */
  <T> Consumer<T> guarded(Entry entry, Consumer<T> task) {
    return value -> guarded(entry, () -> task.accept(value));
  }

  /** A task for an entry threw an exception. */
  void recover(Entry entry, Throwable failure) {
    log.bug(entry, failure);
    letGo(entry);
  }

  /** Runs the last task for an entry that is settled in Redis; removes the entry if that fails. */
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
    // While it is being settled, the reply is still to come.
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

  /** Fetches entries in flight again that no part of the pipeline processes any more. */
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
