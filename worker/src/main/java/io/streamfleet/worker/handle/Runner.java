package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Step 7: entries meet the handler, on virtual threads. Entries handed over together run one after
 * the other on one thread; what must not wait for another is handed over apart.
 */
public final class Runner {

  private final MessageHandler handler;
  private final LongSupplier nanoTime;
  private final long freshNanos;
  private final Consumer<List<Entry>> completed;
  private final ThreadFactory threads;

  /**
   * @param freshNanos an entry whose ownership was confirmed longer ago is not started
   * @param completed hears of entries that have their outcome, on the handler's thread
   */
  public Runner(
      MessageHandler handler,
      String name,
      LongSupplier nanoTime,
      long freshNanos,
      Consumer<List<Entry>> completed) {
    this.handler = handler;
    this.nanoTime = nanoTime;
    this.freshNanos = freshNanos;
    this.completed = completed;
    this.threads = Thread.ofVirtual().name(name + "-handler-", 0).factory();
  }

  /** Whether many entries may share a thread without making each other wait. */
  public boolean shares() {
    return !handler.blocking();
  }

  /**
   * Runs entries in this order on one thread; completions come one by one, or at once if shared.
   */
  public void run(List<Entry> entries) {
    Thread thread = threads.newThread(() -> runAll(entries));
    thread.start();
  }

  private void runAll(List<Entry> entries) {
    boolean together = shares();
    List<Entry> done = together ? new ArrayList<>(entries.size()) : List.of();
    for (Entry entry : entries) {
      runOne(entry);
      if (together) {
        done.add(entry);
      } else {
        completed.accept(List.of(entry));
      }
    }
    if (together) {
      completed.accept(done);
    }
  }

  private void runOne(Entry entry) {
    long now = nanoTime.getAsLong();
    if (!entry.lease().allows(now) || now - entry.ownedAt() >= freshNanos) {
      entry.outcome(new Outcome.NotRun());
      entry.lease().halt();
      return;
    }
    if (!entry.begin(Thread.currentThread(), now)) {
      entry.outcome(interrupted(entry.interruption()));
      entry.lease().halt();
      return;
    }
    Outcome outcome = call(entry);
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
      case Outcome.Success(Handled handled) -> handled.outbound().isEmpty();
      case Outcome.Permanent permanent -> true;
      case Outcome.Transient failure -> false;
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

  private Outcome call(Entry entry) {
    try {
      Handled handled = handler.handle(entry);
      return new Outcome.Success(handled == null ? Handled.nothing() : handled);
    } catch (PermanentFailure e) {
      return new Outcome.Permanent(e);
    } catch (TransientFailure e) {
      return new Outcome.Transient(e, e.retryAfter());
    } catch (Throwable e) {
      // Errors too, such as a stack overflow: an entry without an outcome would hold up its channel
      // for ever, with a worker around it that looks well.
      return new Outcome.Transient(e, Optional.empty());
    }
  }
}
