package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.telemetry.Tracing;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Chooses the executor for a handler. */
public final class HandlerExecutors {

  private HandlerExecutors() {}

  /**
   * Creates the executor for a handler.
   *
   * @param name the prefix of the names of threads
   * @param freshNanos an entry whose ownership was confirmed longer ago is not started
   * @param admitted whether an entry may start now; called on other threads
   * @param begun records which entries are with the handler
   * @param tracing records each attempt
   * @param batches called with the size of each batch, on other threads
   * @param completed called with entries that have an outcome, on other threads
   */
  public static HandlerExecutor of(
      MessageHandler handler,
      String name,
      LongSupplier nanoTime,
      long freshNanos,
      Predicate<Entry> admitted,
      BegunEntries begun,
      Tracing tracing,
      IntConsumer batches,
      Consumer<List<Entry>> completed) {
    EntryStart start = new EntryStart(nanoTime, freshNanos, admitted, begun, tracing);
    if (!(handler instanceof HttpHandler http)) {
      return new ThreadedExecutor(handler, name, start, tracing, completed);
    }
    return http.batch()
        .<HandlerExecutor>map(spec -> new BatchingExecutor(http, spec, start, batches, completed))
        .orElseGet(() -> new CallingExecutor(http, start, completed));
  }
}
