package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.metrics.SuspectMetrics;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.settle.Traces;
import io.streamfleet.worker.suspect.ConnectionBreaks;
import java.util.List;

/**
 * Decides about failed attempts: the entry is retried, with or without using an attempt, or becomes
 * a dead letter. Belongs to the pipeline's loop.
 */
final class FailedAttempts {

  /**
   * How many broken connections are forgiven if the endpoint turns out to be unavailable. It may
   * die twice because of others; with more, this entry may be the cause.
   */
  private static final int FREE_BREAKS = 2;

  /**
   * An entry that was part of so many deaths of the endpoint runs alone there, so a broken
   * connection uses an attempt even if it was a probe.
   */
  private static final int FOUND = 4;

  private final PipelineLog log;
  private final SuspectMetrics suspects;
  private final InternalFailures internalFailures;
  private final RetrySchedule attempts;
  private final Deliveries deliveries;
  private final EntryDeadLetters deadLetters;
  private final Traces traces;
  private final ConnectionBreaks connectionBreaks;

  FailedAttempts(
      Shared shared,
      InternalFailures internalFailures,
      RetrySchedule attempts,
      Deliveries deliveries,
      EntryDeadLetters deadLetters,
      Traces traces) {
    this.log = shared.log();
    this.suspects = shared.metrics().suspects();
    this.internalFailures = internalFailures;
    this.attempts = attempts;
    this.deliveries = deliveries;
    this.deadLetters = deadLetters;
    this.traces = traces;
    this.connectionBreaks = new ConnectionBreaks(shared.loop());
  }

  /**
   * An attempt failed.
   *
   * @param charge whether it uses an attempt, by the breaker
   */
  void failed(DispatchOrder order, Entry entry, Outcome.Failed failure, Charge charge) {
    if (failure instanceof Outcome.Broken broken) {
      broke(order, entry, broken, charge);
    } else if (charge != Charge.ATTEMPT) {
      free(order, entry, failure);
    } else {
      switch (failure) {
        case Outcome.Permanent _ -> {
          log.failed(entry, failure.failure());
          deadLetters.write(entry, DeadLetterReason.PERMANENT, failure.failure());
          order.done(entry);
        }
        case Outcome.Transient it -> again(order, entry, it, true, DeadLetterReason.MAX_ATTEMPTS);
        case Outcome.Broken _, Outcome.Unavailable _ ->
            throw new IllegalStateException("such a failure uses no attempt");
      }
    }
  }

  /** The channel has to wait: the same attempt is made again then. */
  void limited(DispatchOrder order, Entry entry, Outcome.Limited limited) {
    log.limited(entry, limited.failure());
    entry.forgetOutcome();
    // Whoever takes it over counts a delivery, and must come to the same attempt.
    deliveries.takeBack(List.of(entry));
    attempts.limited(order, entry, limited.retryAfter());
  }

  /** The request with the entry and others failed: the same attempt is made again without them. */
  void batchFailed(DispatchOrder order, Entry entry, String failure) {
    log.batchFailed(entry, failure);
    entry.forgetOutcome();
    entry.batchFailed();
    attempts.free(order, entry);
  }

  private void free(DispatchOrder order, Entry entry, Outcome.Failed failure) {
    log.free(entry, failure.failure());
    entry.forgetOutcome();
    attempts.free(order, entry);
  }

  private void broke(DispatchOrder order, Entry entry, Outcome.Broken failure, Charge charge) {
    if (!entry.isAlone()) {
      order.waitFor(entry);
      entry.forgetOutcome();
      connectionBreaks.broke(
          internalFailures.guarded(entry, others -> broke(order, entry, failure, charge, others)));
    } else if (charge == Charge.ATTEMPT || entry.endpointDeaths() >= FOUND) {
      again(order, entry, failure, false, DeadLetterReason.KILLED_ENDPOINT);
    } else {
      free(order, entry, failure);
    }
  }

  /**
   * The endpoint died if connections of other entries broke as well; any of these entries may be
   * the cause.
   */
  private void broke(
      DispatchOrder order, Entry entry, Outcome.Broken failure, Charge charge, boolean others) {
    if (!attempts.wanted(entry)) {
      order.release(entry);
      return;
    }
    if (others) {
      entry.endpointDeaths(entry.endpointDeaths() + 1);
      suspects.suspected(SuspectMetrics.Of.ENDPOINT, 1);
    }
    boolean forgivable = charge == Charge.NOTHING || mayBreakAgain(entry);
    if (others || (charge != Charge.ATTEMPT && forgivable)) {
      log.free(entry, failure.failure());
      attempts.freeAfterWait(order, entry);
    } else {
      again(order, entry, failure, forgivable, DeadLetterReason.MAX_ATTEMPTS);
    }
  }

  /**
   * @param last the reason of the dead letter if this was the last attempt
   */
  private void again(
      DispatchOrder order, Entry entry, Outcome.Failed failure, boolean forgivable, String last) {
    log.failed(entry, failure.failure());
    if (attempts.allowed(entry)) {
      traces.record(entry, Traces.State.ERRORED);
      entry.forgetOutcome();
      attempts.failed(order, entry, failure, forgivable);
    } else {
      deadLetters.write(entry, last, failure.failure());
      order.done(entry);
    }
  }

  private boolean mayBreakAgain(Entry entry) {
    entry.breaks(entry.breaks() + 1);
    return entry.breaks() <= FREE_BREAKS;
  }
}
