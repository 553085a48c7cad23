package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.partition.SettlementCalls;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Traces;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides by the outcome how an entry is settled. Belongs to the pipeline's loop. */
final class Settlement {

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final EventLoop loop;
  private final PipelineLog log;
  private final Clock clock;
  private final ByStream<StreamParts> streams;
  private final InternalFailures internalFailures;
  private final Persistent persistent;
  private final RetrySchedule attempts;
  private final FailedAttempts failures;
  private final EntryDeadLetters deadLetters;
  private final Emitter emitter;
  private final Traces traces;
  private final HandlerCallMetrics calls;
  private final Credits credits;

  /** Handled entries whose ownership is being confirmed. */
  private int rechecking;

  /** Cancelled entries; they are acknowledged like handled ones, but counted separately. */
  private final Set<Entry> cancelled = new HashSet<>();

  Settlement(
      Shared shared,
      ByStream<StreamParts> streams,
      InternalFailures internalFailures,
      Persistent persistent,
      RetrySchedule attempts,
      FailedAttempts failures,
      EntryDeadLetters deadLetters,
      Emitter emitter,
      Traces traces,
      HandlerCallMetrics calls) {
    this.loop = shared.loop();
    this.log = shared.log();
    this.clock = shared.settings().clock();
    this.streams = streams;
    this.internalFailures = internalFailures;
    this.persistent = persistent;
    this.attempts = attempts;
    this.failures = failures;
    this.deadLetters = deadLetters;
    this.emitter = emitter;
    this.traces = traces;
    this.calls = calls;
    this.credits = shared.credits();
  }

  /** Whether acknowledgements fail, so that no more entries should be read. */
  boolean stuck() {
    return persistent.fails(Acknowledger.ACKNOWLEDGE) || persistent.fails(SettlementCalls.SETTLE);
  }

  /** Whether entries wait for their next attempt. */
  boolean waitsForRetries() {
    return attempts.waiting() > 0;
  }

  /** Whether no handled entry waits to be settled, except for calls in progress. */
  boolean idle() {
    return rechecking == 0
        && streams.all().stream().allMatch(stream -> stream.acknowledger().waiting() == 0);
  }

  /** Whether no settlement is waiting or in progress. */
  boolean nothingIsOpen() {
    return idle() && persistent.open() == 0;
  }

  /** Called at the end of each turn: sends acknowledgements. */
  void turn(boolean nothingRuns) {
    for (StreamParts stream : streams.all()) {
      Acknowledger acknowledger = stream.acknowledger();
      boolean isWanted = credits.areWaitedFor(acknowledger.waiting());
      acknowledger.turn(nothingRuns || isWanted, settled -> acknowledged(stream, settled));
    }
  }

  /** The outcome by which an entry is settled. */
  static Outcome outcomeOf(Entry entry) {
    Outcome outcome = entry.outcome();
    // A user may have cancelled the entry just after its handler had ended, or before it started.
    boolean open =
        outcome instanceof Outcome.NotRun
            || outcome instanceof Outcome.BatchFailed
            || outcome instanceof Outcome.NotPermitted
            || (outcome instanceof Outcome.Failed && !(outcome instanceof Outcome.Permanent));
    return open && entry.interruption() == Interruption.CANCELLED
        ? new Outcome.Interrupted(Interruption.CANCELLED)
        : outcome;
  }

  /**
   * Settles an entry whose handler has ended.
   *
   * @param charge whether a failure uses an attempt
   */
  void settle(Entry entry, Outcome outcome, Charge charge) {
    loop.assertOwned();
    calls.observe(entry, outcome);
    DispatchOrder order = DispatchOrder.of(entry);
    if (!entries(entry).isInFlight(entry)) {
      // Lost while it was with the handler.
      entry.letGo();
      order.done(entry);
      return;
    }
    switch (outcome) {
      case Outcome.Success success -> handled(order, entry, success);
      case Outcome.Failed failure -> failures.failed(order, entry, failure, charge);
      case Outcome.Limited limited -> failures.limited(order, entry, limited);
      case Outcome.BatchFailed(String failure) -> failures.batchFailed(order, entry, failure);
      case Outcome.Hindered hindered -> {
        log.hindered(hindered);
        attempts.hindered(order, entry);
      }
      case Outcome.Interrupted(Interruption why) -> interrupted(order, entry, why);
      case Outcome.NotPermitted(Duration left) -> attempts.notPermitted(order, entry, left);
      case Outcome.NotRun() -> order.putBack(entry);
    }
  }

  private StreamEntries entries(Entry entry) {
    return streams.of(entry).entries();
  }

  private void handled(DispatchOrder order, Entry entry, Outcome.Success success) {
    attempts.unhindered();
    log.unhindered();
    boolean surelyOurs = streams.of(entry).ownership().wasOurs(entry, entry.finishedAt());
    if (surelyOurs && order.surelyAlone(entry, entry.finishedAt())) {
      List<EmittedMessage> messages = success.emitted();
      if (messages.isEmpty()) {
        acknowledge(entry);
        order.done(entry);
      } else {
        order.waitFor(entry);
        emit(order, entry, messages);
      }
      return;
    }
    rechecking++;
    order.recheck(
        entry,
        confirmed -> {
          rechecking--;
          if (confirmed && entries(entry).isInFlight(entry) && !entry.settling()) {
            internalFailures.guarded(entry, () -> emit(order, entry, success.emitted()));
          }
        });
  }

  /** The lane continues when the messages are appended, so that they keep the channel's order. */
  private void emit(DispatchOrder order, Entry entry, List<EmittedMessage> messages) {
    if (messages.isEmpty()) {
      acknowledge(entry);
      order.release(entry);
      return;
    }
    try {
      emitter.emit(
          entry,
          messages,
          emission ->
              internalFailures.closing(
                  entry,
                  () -> {
                    emitted(entry, messages, emission);
                    order.release(entry);
                  }));
      entry.settle();
    } catch (IllegalArgumentException e) {
      // AnswerStreams refuses the platform, and says why.
      String error = "the handler emitted a message that cannot be sent: " + e.getMessage();
      log.failed(entry, error);
      deadLetters.write(entry, DeadLetterReason.PERMANENT, error);
      order.release(entry);
    }
  }

  private void emitted(Entry entry, List<EmittedMessage> messages, Emitter.Emission emission) {
    switch (emission) {
      case DONE -> {
        messages.forEach(message -> log.emitted(message.platform()));
        acknowledged(streams.of(entry), List.of(entry));
      }
      case LOST -> {
        entries(entry).drop(entry);
        entries(entry).metrics().lost(1);
      }
      case IMPOSSIBLE ->
          deadLetters.write(
              entry,
              DeadLetterReason.PERMANENT,
              "the key of an outbound stream is not a stream, or the stream's last id is the highest"
                  + " possible");
    }
  }

  private void acknowledge(Entry entry) {
    streams.of(entry).acknowledger().add(entry);
    entry.settle();
  }

  /** These entries are acknowledged in Redis. */
  private void acknowledged(StreamParts stream, List<Entry> all) {
    long now = clock.millis();
    for (Entry entry : all) {
      internalFailures.closing(entry, () -> settled(stream.entries(), entry, now));
    }
    stream.entries().metrics().acked(all.size());
  }

  private void settled(StreamEntries entries, Entry entry, long now) {
    if (!entries.drop(entry)) {
      return;
    }
    if (!cancelled.isEmpty() && cancelled.remove(entry)) {
      entries.metrics().cancelled(1);
      traces.record(entry, Traces.State.CANCELLED);
    } else {
      traces.record(entry, Traces.State.COMPLETED);
    }
    entries.metrics().endToEnd(Math.max(0, now - entry.entryId().millis()), entry.recordedTrace());
  }

  private void interrupted(DispatchOrder order, Entry entry, Interruption why) {
    switch (why) {
      case CANCELLED -> {
        cancel(entry);
        order.done(entry);
      }
      case LOCK_LOST -> order.putBack(entry);
      case ENTRY_LOST -> {
        entries(entry).drop(entry);
        order.done(entry);
      }
      // It stays in flight until the drain releases it as an entry that was tried.
      case DRAINING -> order.waitFor(entry);
    }
  }

  /** A user cancelled an entry: it is acknowledged without being handled. */
  void cancel(Entry entry) {
    cancelled.add(entry);
    acknowledge(entry);
    LOG.atInfo()
        .addKeyValue("stream", entry.stream())
        .addKeyValue("entry", entry.id())
        .log("entry cancelled");
  }
}
