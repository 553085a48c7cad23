package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.settle.DeadLetterWriter;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Traces;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step 8: turns what came of an entry into what becomes of it. Belongs to the pipeline's loop. */
final class Settlement {

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final PipelineContext pipeline;
  private final SettingsInForce inForce;
  private final Persistent persistent;
  private final RetrySchedule attempts;
  private final FailedAttempts failures;
  private final Emitter emitter;
  private final Traces traces;
  private final HandlerCallMetrics calls;
  private final Clock clock;
  private final Acknowledgers acknowledgers = new Acknowledgers();

  /** Handled entries whose ownership is in question. */
  private int rechecking;

  /** Entries that a user stopped; they are acknowledged like handled ones, and told apart here. */
  private final Set<Entry> cancelled = new HashSet<>();

  Settlement(
      PipelineContext pipeline,
      SettingsInForce inForce,
      Persistent persistent,
      RetrySchedule attempts,
      FailedAttempts failures,
      Emitter emitter,
      Traces traces,
      HandlerCallMetrics calls,
      Clock clock) {
    this.pipeline = pipeline;
    this.inForce = inForce;
    this.persistent = persistent;
    this.attempts = attempts;
    this.failures = failures;
    this.emitter = emitter;
    this.traces = traces;
    this.calls = calls;
    this.clock = clock;
  }

  void add(StreamIntake intake, Acknowledger acknowledger) {
    acknowledgers.add(intake.stream(), acknowledger);
  }

  /** Whether Redis takes no acknowledgements: more that is handled would be handled for nothing. */
  boolean stuck() {
    return persistent.fails(Acknowledger.ACKNOWLEDGE);
  }

  /** Whether entries wait for the time of their next attempt. */
  boolean waitsForRetries() {
    return attempts.waiting() > 0;
  }

  /** Whether nothing that was handled waits to be settled, but for calls that are on their way. */
  boolean idle() {
    return rechecking == 0 && acknowledgers.idle();
  }

  /** Whether nothing is on its way to Redis that settles an entry. */
  boolean nothingIsOpen() {
    return idle() && persistent.open() == 0;
  }

  void turn(boolean nothingRuns) {
    acknowledgers.turn(nothingRuns);
  }

  /** The handler's thread is done with an entry. */
  void completed(Entry entry) {
    pipeline.loop().assertOwned();
    entry.withHandler(false);
    try {
      judge(entry);
    } catch (RuntimeException | Error e) {
      pipeline.internalFailures().recover(entry, e);
    }
  }

  private void judge(Entry entry) {
    StreamIntake intake = pipeline.intakeOf(entry);
    DispatchOrder order = pipeline.orderOf(entry);
    Outcome outcome = cancelled(entry, entry.outcome());
    calls.observe(entry, outcome);
    Charge charge = pipeline.gate().ended(entry, outcome);
    if (intake.inFlight(entry.entryId()) != entry) {
      // Lost while it was with the handler.
      entry.letGo();
      order.done(entry);
      return;
    }
    switch (outcome) {
      case Outcome.Success success -> handled(intake, order, entry, success);
      case Outcome.Failed failure -> failures.failed(intake, order, entry, failure, charge);
      case Outcome.Hindered hindered -> {
        pipeline.log().hindered(hindered);
        attempts.hindered(intake, order, entry);
      }
      case Outcome.Interrupted(Interruption why) -> interrupted(intake, order, entry, why);
      case Outcome.NotRun() -> order.putBack(entry);
    }
  }

  /** A user may have stopped the entry when its handler had just ended, or not begun yet. */
  private static Outcome cancelled(Entry entry, Outcome outcome) {
    boolean open =
        outcome instanceof Outcome.NotRun
            || (outcome instanceof Outcome.Failed && !(outcome instanceof Outcome.Permanent));
    return open && entry.interruption() == Interruption.CANCELLED
        ? new Outcome.Interrupted(Interruption.CANCELLED)
        : outcome;
  }

  private void handled(
      StreamIntake intake, DispatchOrder order, Entry entry, Outcome.Success success) {
    attempts.unhindered();
    pipeline.log().unhindered();
    boolean surelyOurs = entry.finishedAt() - entry.ownedAt() < inForce.renewedWithinNanos();
    if (surelyOurs && order.surelyAlone(entry, entry.finishedAt())) {
      List<EmittedMessage> messages = success.emitted();
      if (messages.isEmpty()) {
        acknowledge(intake, entry);
        order.done(entry);
      } else {
        order.waitFor(entry);
        emit(intake, order, entry, messages);
      }
      return;
    }
    rechecking++;
    order.recheck(
        entry,
        confirmed -> {
          rechecking--;
          if (confirmed && intake.inFlight(entry.entryId()) == entry && !entry.settling()) {
            pipeline
                .internalFailures()
                .guarded(entry, () -> emit(intake, order, entry, success.emitted()));
          }
        });
  }

  /** The lane goes on only when the messages are appended: their order is the channel's. */
  private void emit(
      StreamIntake intake, DispatchOrder order, Entry entry, List<EmittedMessage> messages) {
    if (messages.isEmpty()) {
      acknowledge(intake, entry);
      order.release(entry);
      return;
    }
    try {
      emitter.emit(
          entry,
          messages,
          emission ->
              pipeline
                  .internalFailures()
                  .closing(
                      entry,
                      () -> {
                        emitted(intake, entry, messages, emission);
                        order.release(entry);
                      }));
      entry.settle();
    } catch (IllegalArgumentException e) {
      // Where it is to go is refused, and says why.
      String error = "the handler emitted what cannot be sent: " + e.getMessage();
      pipeline.log().failed(entry, error);
      deadLetter(intake, entry, DeadLetterReason.PERMANENT, error);
      order.release(entry);
    }
  }

  private void emitted(
      StreamIntake intake, Entry entry, List<EmittedMessage> messages, Emitter.Emission emission) {
    switch (emission) {
      case DONE -> {
        messages.forEach(message -> pipeline.log().emitted(message.platform()));
        settled(intake, List.of(entry));
      }
      case LOST -> {
        intake.ownership().drop(entry);
        intake.metrics().lost(1);
      }
      case IMPOSSIBLE ->
          deadLetter(
              intake,
              entry,
              DeadLetterReason.PERMANENT,
              "the key of an outbound stream holds no stream, or one that can have no more entries");
    }
  }

  private void acknowledge(StreamIntake intake, Entry entry) {
    acknowledgers.of(intake.stream()).add(entry);
    entry.settle();
  }

  /** Redis has these entries off its pending list. */
  void settled(StreamIntake intake, List<Entry> entries) {
    long now = clock.millis();
    for (Entry entry : entries) {
      pipeline.internalFailures().closing(entry, () -> settled(intake, entry, now));
    }
    intake.metrics().acked(entries.size());
  }

  private void settled(StreamIntake intake, Entry entry, long now) {
    if (!intake.ownership().drop(entry)) {
      return;
    }
    if (!cancelled.isEmpty() && cancelled.remove(entry)) {
      intake.metrics().cancelled(1);
      traces.record(entry, Traces.State.CANCELLED);
    } else {
      traces.record(entry, Traces.State.COMPLETED);
    }
    intake.metrics().endToEnd(Math.max(0, now - entry.entryId().millis()));
  }

  private void interrupted(
      StreamIntake intake, DispatchOrder order, Entry entry, Interruption why) {
    switch (why) {
      case CANCELLED -> {
        cancel(intake, entry);
        order.done(entry);
      }
      case LOCK_LOST -> order.putBack(entry);
      case ENTRY_LOST -> {
        intake.ownership().drop(entry);
        order.done(entry);
      }
      // It stays in flight, with what was tried and not settled, until the worker leaves.
      case DRAINING -> order.waitFor(entry);
    }
  }

  /** A user stopped an entry: it is acknowledged, not handled. */
  void cancel(StreamIntake intake, Entry entry) {
    cancelled.add(entry);
    acknowledge(intake, entry);
    LOG.atInfo()
        .addKeyValue("stream", entry.stream())
        .addKeyValue("entry", entry.id())
        .log("entry cancelled");
  }

  void deadLetter(StreamIntake intake, Entry entry, String reason, String error) {
    pipeline.log().deadLettered(entry.streamName(), entry.entryId(), reason, error);
    intake
        .parts()
        .deadLetters()
        .writeDeadLetter(
            entry.entryId(),
            new DeadLetterWriter.Cause(reason, error, entry.attempt()),
            true,
            written ->
                pipeline
                    .internalFailures()
                    .closing(entry, () -> deadLetterWritten(intake, entry, reason, written)));
    // Last: until now it is not on its way, and a mistake would leave it so for ever.
    entry.settle();
  }

  private void deadLetterWritten(StreamIntake intake, Entry entry, String reason, boolean written) {
    intake.ownership().drop(entry);
    if (written) {
      intake.metrics().deadLettered(reason);
      traces.record(entry, Traces.State.DEAD_LETTERED);
    } else {
      intake.metrics().lost(1);
    }
  }
}
