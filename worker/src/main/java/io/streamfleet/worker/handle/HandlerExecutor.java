package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.MachineFault;
import io.streamfleet.worker.entry.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Step 7: entries meet the handler, on virtual threads. Entries handed over together run one after
 * the other on one thread; what must not wait for another is handed over apart. Each entry that was
 * handed over is heard of again, with its outcome.
 */
public final class HandlerExecutor {

  private final HandlerCall call;
  private final boolean shares;
  private final LongSupplier nanoTime;

  /** The caller's of {@link #run}, which hands it on to the threads. */
  private long freshNanos;

  private final Predicate<Entry> admitted;
  private final Consumer<List<Entry>> completed;
  private final ThreadFactory threads;

  /**
   * @param freshNanos an entry whose ownership was confirmed longer ago is not started
   * @param admitted whether the handler may begin with an entry now; asked on the handler's thread
   * @param completed hears of entries that have their outcome, on the handler's thread
   */
  public HandlerExecutor(
      MessageHandler handler,
      String name,
      LongSupplier nanoTime,
      long freshNanos,
      Predicate<Entry> admitted,
      Consumer<List<Entry>> completed) {
    this.call = new HandlerCall(handler);
    // Asked once: it is the user's code, and what it does the loop must not hear of.
    this.shares = !handler.blocking();
    this.nanoTime = nanoTime;
    this.freshNanos = freshNanos;
    this.admitted = admitted;
    this.completed = completed;
    this.threads = Thread.ofVirtual().name(name + "-handler-", 0).factory();
  }

  /** Sets how long ago ownership may have been confirmed of what is run from now on. */
  public void fresh(long nanos) {
    freshNanos = nanos;
  }

  /** Whether many entries may share a thread without making each other wait. */
  public boolean shares() {
    return shares;
  }

  /**
   * Runs entries in this order on one thread; completions come one by one, or at once if shared.
   */
  public void run(List<Entry> entries) {
    long fresh = freshNanos;
    try {
      threads.newThread(() -> runAll(entries, fresh)).start();
    } catch (RuntimeException | Error e) {
      // No thread, so none of them was begun; a thread that does not start never runs.
      MachineFault fault = MachineFaults.in(e).orElse(MachineFault.THREADS);
      entries.forEach(entry -> notStarted(entry, fault, e));
      completed.accept(List.copyOf(entries));
    }
  }

  private static void notStarted(Entry entry, MachineFault fault, Throwable why) {
    entry.outcome(new Outcome.Hindered(fault, FailureText.of(why)));
    entry.lease().halt();
  }

  private void runAll(List<Entry> entries, long fresh) {
    List<Entry> done = shares ? new ArrayList<>(entries.size()) : List.of();
    for (Entry entry : entries) {
      try {
        runOne(entry, fresh);
      } catch (RuntimeException | Error e) {
        // A mistake of ours, or a stack that was full: what comes behind must run all the same.
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

  private void runOne(Entry entry, long fresh) {
    long now = nanoTime.getAsLong();
    if (!entry.lease().allows(now) || now - entry.ownedAt() >= fresh || !admitted.test(entry)) {
      entry.outcome(new Outcome.NotRun());
      entry.lease().halt();
      return;
    }
    if (!entry.begin(Thread.currentThread(), now)) {
      entry.outcome(interrupted(entry.interruption()));
      if (!entry.isWithdrawn()) {
        entry.lease().halt();
      }
      return;
    }
    Outcome outcome = call.of(entry);
    Interruption why = entry.end(nanoTime.getAsLong());
    if (why != null && !(outcome instanceof Outcome.Success && keepsSuccess(why))) {
      outcome = interrupted(why);
    }
    entry.outcome(outcome);
    if (!letsTheNextStart(outcome)) {
      entry.lease().halt();
    }
  }

  /** What a handler emits is appended before the next entry of its channel starts. */
  private static boolean letsTheNextStart(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Success(var emitted) -> emitted.isEmpty();
      case Outcome.Permanent permanent -> true;
      case Outcome.Transient failure -> false;
      case Outcome.Unavailable unavailable -> false;
      case Outcome.Broken broken -> false;
      case Outcome.Hindered hindered -> false;
      case Outcome.Interrupted interrupted -> false;
      case Outcome.NotRun notRun -> false;
    };
  }

  private static Outcome interrupted(@Nullable Interruption why) {
    return why == null ? new Outcome.NotRun() : new Outcome.Interrupted(why);
  }

  /**
   * A handler that ended well in spite of a cancellation has done its work; without lock it has
   * not.
   */
  private static boolean keepsSuccess(Interruption why) {
    return switch (why) {
      case CANCELLED, DRAINING -> true;
      case LOCK_LOST, ENTRY_LOST -> false;
    };
  }
}
