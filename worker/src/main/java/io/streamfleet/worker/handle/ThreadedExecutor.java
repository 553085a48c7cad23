package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.MachineFault;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** Runs a Java handler on virtual threads, one for the entries of each call of {@link #run}. */
final class ThreadedExecutor implements HandlerExecutor {

  private final HandlerCall call;
  private final boolean shares;
  private final EntryStart start;
  private final Consumer<List<Entry>> completed;
  private final ThreadFactory threads;

  ThreadedExecutor(
      MessageHandler handler,
      String name,
      EntryStart start,
      Tracing tracing,
      Consumer<List<Entry>> completed) {
    this.call = new HandlerCall(tracing.current(handler));
    // Called once, here: it is user code, which must not run on the loop.
    this.shares = !handler.blocking();
    this.start = start;
    this.completed = completed;
    this.threads = Thread.ofVirtual().name(name + "-handler-", 0).factory();
  }

  @Override
  public void fresh(long nanos) {
    start.fresh(nanos);
  }

  @Override
  public boolean shares() {
    return shares;
  }

  /** Entries complete one by one, or all together if the thread is shared. */
  @Override
  public void run(List<Entry> entries) {
    long fresh = start.fresh();
    try {
      threads.newThread(() -> runAll(entries, fresh)).start();
    } catch (RuntimeException | Error e) {
      // Without a thread no entry was started; a thread whose start failed never runs.
      MachineFault fault = MachineFaults.in(e).orElse(MachineFault.THREADS);
      entries.forEach(entry -> notStarted(entry, fault, e));
      completed.accept(List.copyOf(entries));
    }
  }

  @Override
  public void turn() {}

  private static void notStarted(Entry entry, MachineFault fault, Throwable why) {
    entry.outcome(new Outcome.Hindered(fault, FailureText.of(why)));
    entry.lease().halt();
  }

  private void runAll(List<Entry> entries, long fresh) {
    Runnable interrupt = Thread.currentThread()::interrupt;
    List<Entry> done = shares ? new ArrayList<>(entries.size()) : List.of();
    for (Entry entry : entries) {
      try {
        if (start.begin(entry, fresh, interrupt)) {
          start.end(entry, call.of(entry));
        }
      } catch (RuntimeException | Error e) {
        // A bug in the worker, or a stack overflow: the next entries must run all the same.
        entry.outcome(new Outcome.Transient(FailureText.of(e), Optional.empty()));
        entry.lease().halt();
      }
      if (shares) {
        done.add(entry);
      } else {
        completed.accept(List.of(entry));
      }
    }
    if (shares) {
      completed.accept(done);
    }
  }
}
