package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.settle.Traces;

/**
 * Step 8, where the handler did not do its work: the entry is tried again, with an attempt used up
 * or not, or becomes a dead letter. Belongs to the pipeline's loop.
 */
final class FailedAttempts {

  /**
   * How often it costs an entry nothing that the connection broke with it. An endpoint may die
   * twice of somebody else; more often than that it may be this one of whom it dies.
   */
  private static final int FREE_BREAKS = 2;

  private final PipelineLog log;
  private final RetrySchedule attempts;
  private final EntryDeadLetters deadLetters;
  private final Traces traces;

  FailedAttempts(
      PipelineLog log, RetrySchedule attempts, EntryDeadLetters deadLetters, Traces traces) {
    this.log = log;
    this.attempts = attempts;
    this.deadLetters = deadLetters;
    this.traces = traces;
  }

  /** An entry failed; the breaker has said whether that uses up an attempt. */
  void failed(DispatchOrder order, Entry entry, Outcome.Failed failure, Charge charge) {
    boolean forgivable =
        charge == Charge.NOTHING || !(failure instanceof Outcome.Broken) || mayBreakAgain(entry);
    if (charge != Charge.ATTEMPT && forgivable) {
      log.free(entry, failure.failure());
      entry.forgetOutcome();
      attempts.free(order, entry);
      return;
    }
    log.failed(entry, failure.failure());
    switch (failure) {
      case Outcome.Permanent _ -> {
        deadLetters.write(entry, DeadLetterReason.PERMANENT, failure.failure());
        order.done(entry);
      }
      case Outcome.Transient it -> again(order, entry, it, true);
      case Outcome.Broken it -> again(order, entry, it, forgivable);
      case Outcome.Unavailable _ -> throw new IllegalStateException("it costs no attempt");
    }
  }

  private void again(DispatchOrder order, Entry entry, Outcome.Failed failure, boolean forgivable) {
    if (attempts.allowed(entry)) {
      traces.record(entry, Traces.State.ERRORED);
      entry.forgetOutcome();
      attempts.failed(order, entry, failure, forgivable);
    } else {
      deadLetters.write(entry, DeadLetterReason.MAX_ATTEMPTS, failure.failure());
      order.done(entry);
    }
  }

  private boolean mayBreakAgain(Entry entry) {
    entry.breaks(entry.breaks() + 1);
    return entry.breaks() <= FREE_BREAKS;
  }
}
