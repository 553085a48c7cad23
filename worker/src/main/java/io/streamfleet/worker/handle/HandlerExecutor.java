package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Step 7: entries meet the handler. Those that are handed over together are handled one after the
 * other; what must not wait for another is handed over apart. Each entry that was handed over is
 * heard of again, with its outcome. To be called by one thread, that of the pipeline's loop.
 */
public sealed interface HandlerExecutor permits ThreadedExecutor, CallingExecutor {

  /**
   * The one for a handler.
   *
   * @param freshNanos an entry whose ownership was confirmed longer ago is not started
   * @param admitted whether the handler may begin with an entry now; asked on another thread
   * @param begun is told of each entry that the handler begins and ends with
   * @param completed hears of entries that have their outcome, on another thread
   */
  static HandlerExecutor of(
      MessageHandler handler,
      String name,
      LongSupplier nanoTime,
      long freshNanos,
      Predicate<Entry> admitted,
      BegunEntries begun,
      Consumer<List<Entry>> completed) {
    EntryStart start = new EntryStart(nanoTime, freshNanos, admitted, begun);
    return handler instanceof HttpHandler http
        ? new CallingExecutor(http, start, completed)
        : new ThreadedExecutor(handler, name, start, completed);
  }

  /** Sets how long ago ownership may have been confirmed of what is run from now on. */
  void fresh(long nanos);

  /** Whether many entries may share a thread without making each other wait. */
  boolean shares();

  /** Runs entries in this order, at the latest from the next {@link #turn} on. */
  void run(List<Entry> entries);

  /** The loop's turn ends: nothing is to wait any longer for being run with others. */
  void turn();
}
