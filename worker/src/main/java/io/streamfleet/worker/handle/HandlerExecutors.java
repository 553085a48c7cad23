package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Chooses the executor for a handler. */
public final class HandlerExecutors {

  private HandlerExecutors() {}

  /**
   * The one for a handler.
   *
   * @param freshNanos an entry whose ownership was confirmed longer ago is not started
   * @param admitted whether the handler may begin with an entry now; asked on another thread
   * @param begun is told of each entry that the handler begins and ends with
   * @param completed hears of entries that have their outcome, on another thread
   */
  public static HandlerExecutor of(
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
}
