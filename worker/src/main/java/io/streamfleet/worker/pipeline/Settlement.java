package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetterReason;
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

  private final EventLoop loop;
  private final SettingsInForce inForce;
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

  /** Handled entries whose ownership is in question. */
  private int rechecking;

  /** Entries that a user stopped; they are acknowledged like handled ones, and told apart here. */
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
    this.inForce = shared.inForce();
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
    return rechecking == 0
        && streams.all().stream().allMatch(stream -> stream.acknowledger().waiting() == 0);
  }

  /** Whether nothing is on its way to Redis that settles an entry. */
  boolean nothingIsOpen() {
    return idle() && persistent.open() == 0;
  }

  /** Called at the end of each turn: sends off the acknowledgements of entries. */
  void turn(boolean nothingRuns) {
    for (StreamParts stream : streams.all()) {
      stream.acknowledger().turn(nothingRuns, settled -> acknowledged(stream, settled));
    }
  }

  /** What came of an entry, as it is to be settled. */
  static Outcome outcomeOf(Entry entry) {
    Outcome outcome = entry.outcome();
    // A user may have stopped the entry when its handler had just ended, or not begun yet.
    boolean open =
        outcome instanceof Outcome.NotRun
            || (outcome instanceof Outcome.Failed && !(outcome instanceof Outcome.Permanent));
    return open && entry.interruption() == Interruption.CANCELLED
        ? new Outcome.Interrupted(Interruption.CANCELLED)
        : outcome;
  }

  /**
   * Settles an entry that is back from the handler's thread.
   *
   * @param charge whether a failure uses up an attempt
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
      case Outcome.Hindered hindered -> {
        log.hindered(hindered);
        attempts.hindered(order, entry);
      }
      case Outcome.Interrupted(Interruption why) -> interrupted(order, entry, why);
      case Outcome.NotRun() -> order.putBack(entry);
    }
  }

  private StreamEntries entries(Entry entry) {
    return streams.of(entry).entries();
  }

  private void handled(DispatchOrder order, Entry entry, Outcome.Success success) {
    attempts.unhindered();
    log.unhindered();
    boolean surelyOurs = entry.finishedAt() - entry.ownedAt() < inForce.renewedWithinNanos();
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

  /** The lane goes on only when the messages are appended: their order is the channel's. */
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
      // Where it is to go is refused, and says why.
      String error = "the handler emitted what cannot be sent: " + e.getMessage();
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
              "the key of an outbound stream holds no stream, or one that can have no more"
                  + " entries");
    }
  }

  private void acknowledge(Entry entry) {
    streams.of(entry).acknowledger().add(entry);
    entry.settle();
  }

  /** Redis has these entries off its pending list. */
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
    entries.metrics().endToEnd(Math.max(0, now - entry.entryId().millis()));
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
      // It stays in flight, with what was tried and not settled, until the worker leaves.
      case DRAINING -> order.waitFor(entry);
    }
  }

  /** A user stopped an entry: it is acknowledged, not handled. */
  void cancel(Entry entry) {
    cancelled.add(entry);
    acknowledge(entry);
    LOG.atInfo()
        .addKeyValue("stream", entry.stream())
        .addKeyValue("entry", entry.id())
        .log("entry cancelled");
  }
}
