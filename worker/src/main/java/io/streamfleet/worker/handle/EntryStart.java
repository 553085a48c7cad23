package io.streamfleet.worker.handle;

import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.telemetry.Tracing;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks whether a handler may start with an entry, and sets the outcome when it has ended. */
final class EntryStart {

  private final LongSupplier nanoTime;
  private final Predicate<Entry> admitted;
  private final BegunEntries begun;
  private final Tracing tracing;

  /** Applies to entries that are passed to the executor from then on. */
  private volatile long freshNanos;

  EntryStart(
      LongSupplier nanoTime,
      long freshNanos,
      Predicate<Entry> admitted,
      BegunEntries begun,
      Tracing tracing) {
    this.nanoTime = nanoTime;
    this.freshNanos = freshNanos;
    this.admitted = admitted;
    this.begun = begun;
    this.tracing = tracing;
  }

  void fresh(long nanos) {
    freshNanos = nanos;
  }

  /** How long ago ownership may have been confirmed, in nanoseconds. */
  long fresh() {
    return freshNanos;
  }

  /**
   * Checks for the last time whether the entry may be handled.
   *
   * @param fresh the value of {@link #fresh()} when the entry was passed to the executor
   * @param interrupt interrupts the handler
   * @return false if it may not be handled; then the entry has its outcome
   */
  boolean begin(Entry entry, long fresh, Runnable interrupt) {
    long now = nanoTime.getAsLong();
    if (!entry.lease().allows(now) || now - entry.ownedAt() >= fresh || !admitted.test(entry)) {
      entry.outcome(new Outcome.NotRun());
      entry.lease().halt();
      return false;
    }
    if (!entry.begin(interrupt, now)) {
      entry.outcome(interrupted(entry.interruption()));
      if (!entry.isWithdrawn()) {
        entry.lease().halt();
      }
      return false;
    }
    entry.noted(begun.begin(entry, entry.suspicion().deaths()));
    tracing.begin(entry);
    return true;
  }

  /** The handler has ended with an entry that {@link #begin} allowed. */
  void end(Entry entry, Outcome handlers) {
    begun.end(entry.noted());
    Outcome outcome = handlers;
    Interruption why = entry.end(nanoTime.getAsLong());
    if (why != null && !(outcome instanceof Outcome.Success && keepsSuccess(why))) {
      outcome = interrupted(why);
    }
    entry.outcome(outcome);
    tracing.end(entry, outcome);
    if (!letsTheNextStart(outcome)) {
      entry.lease().halt();
    }
  }

  /** Messages that a handler emits are appended before the next entry of the channel starts. */
  private static boolean letsTheNextStart(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Success(var emitted) -> emitted.isEmpty();
      case Outcome.Permanent permanent -> true;
      case Outcome.Transient failure -> false;
      case Outcome.Unavailable unavailable -> false;
      case Outcome.Broken broken -> false;
      case Outcome.Limited limited -> false;
      case Outcome.BatchFailed failure -> false;
      case Outcome.Hindered hindered -> false;
      case Outcome.Interrupted interrupted -> false;
      case Outcome.NotPermitted notPermitted -> false;
      case Outcome.NotRun notRun -> false;
    };
  }

  private static Outcome interrupted(@Nullable Interruption why) {
    return why == null ? new Outcome.NotRun() : new Outcome.Interrupted(why);
  }

  /**
   * A handler that succeeded despite a cancellation has done its work. Without the lock or the
   * entry its success does not count.
   */
  private static boolean keepsSuccess(Interruption why) {
    return switch (why) {
      case CANCELLED, DRAINING -> true;
      case LOCK_LOST, ENTRY_LOST -> false;
    };
  }
}
