package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.lane.Track;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetters;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Reason;
import io.streamfleet.worker.settle.Traces;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step 8: turns what came of an entry into what becomes of it. Belongs to the pipeline's loop. */
final class Settlement {

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final Pipeline pipeline;
  private final SettingsInForce inForce;
  private final Persistent persistent;
  private final NextAttempts attempts;
  private final FailedAttempts failures;
  private final Emitter emitter;
  private final Traces traces;
  private final HandlerCalls calls;
  private final Clock clock;
  private final Map<Flow, Acknowledger> acknowledgers = new HashMap<>();

  /** Handled entries whose ownership is in question. */
  private int rechecking;

  /** Entries that a user stopped; they are acknowledged like handled ones, and told apart here. */
  private final Set<Entry> cancelled = new HashSet<>();

  Settlement(
      Pipeline pipeline,
      SettingsInForce inForce,
      Persistent persistent,
      NextAttempts attempts,
      FailedAttempts failures,
      Emitter emitter,
      Traces traces,
      HandlerCalls calls,
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

  void add(Flow flow, Acknowledger acknowledger) {
    acknowledgers.put(flow, acknowledger);
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
        && acknowledgers.values().stream().allMatch(acknowledger -> acknowledger.waiting() == 0);
  }

  /** Whether nothing is on its way to Redis that settles an entry. */
  boolean nothingIsOpen() {
    return idle() && persistent.open() == 0;
  }

  void turn(boolean nothingRuns) {
    acknowledgers.values().forEach(acknowledger -> acknowledger.turn(nothingRuns));
  }

  /** The handler's thread is done with an entry. */
  void completed(Entry entry) {
    entry.withHandler(false);
    try {
      judge(entry);
    } catch (RuntimeException | Error e) {
      pipeline.rescue().rescue(entry, e);
    }
  }

  private void judge(Entry entry) {
    Flow flow = pipeline.flowOf(entry);
    Track track = pipeline.trackOf(entry);
    Outcome outcome = cancelled(entry, entry.outcome());
    calls.observe(entry, outcome);
    Charge charge = pipeline.gate().ended(entry, outcome);
    if (flow.inHand(entry.entryId()) != entry) {
      // Lost while it was with the handler.
      entry.letGo();
      track.done(entry);
      return;
    }
    switch (outcome) {
      case Outcome.Success success -> handled(flow, track, entry, success);
      case Outcome.Failed failure -> failures.failed(flow, track, entry, failure, charge);
      case Outcome.Hindered hindered -> {
        pipeline.diary().hindered(hindered);
        attempts.hindered(flow, track, entry);
      }
      case Outcome.Interrupted(Interruption why) -> interrupted(flow, track, entry, why);
      case Outcome.NotRun() -> track.putBack(entry);
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

  private void handled(Flow flow, Track track, Entry entry, Outcome.Success success) {
    attempts.unhindered();
    pipeline.diary().unhindered();
    boolean surelyOurs = entry.finishedAt() - entry.ownedAt() < inForce.renewedWithinNanos();
    if (surelyOurs && track.surelyAlone(entry, entry.finishedAt())) {
      List<EmittedMessage> messages = success.emitted();
      if (messages.isEmpty()) {
        acknowledge(flow, entry);
        track.done(entry);
      } else {
        track.waitFor(entry);
        emit(flow, track, entry, messages);
      }
      return;
    }
    rechecking++;
    track.recheck(
        entry,
        confirmed -> {
          rechecking--;
          if (confirmed && flow.inHand(entry.entryId()) == entry && !entry.settling()) {
            pipeline.rescue().guarded(entry, () -> emit(flow, track, entry, success.emitted()));
          }
        });
  }

  /** The lane goes on only when the messages are appended: their order is the channel's. */
  private void emit(Flow flow, Track track, Entry entry, List<EmittedMessage> messages) {
    if (messages.isEmpty()) {
      acknowledge(flow, entry);
      track.release(entry);
      return;
    }
    try {
      emitter.emit(
          entry,
          messages,
          emission -> {
            try {
              emitted(flow, entry, messages, emission);
              track.release(entry);
            } catch (RuntimeException | Error e) {
              pipeline.rescue().closeBooks(entry, e);
            }
          });
      entry.settle();
    } catch (IllegalArgumentException e) {
      // Where it is to go is refused, and says why.
      String error = "the handler emitted what cannot be sent: " + e.getMessage();
      pipeline.diary().failed(entry, error);
      bury(flow, entry, Reason.PERMANENT, error);
      track.release(entry);
    }
  }

  private void emitted(
      Flow flow, Entry entry, List<EmittedMessage> messages, Emitter.Emission emission) {
    switch (emission) {
      case DONE -> {
        messages.forEach(message -> pipeline.diary().emitted(message.platform()));
        settled(flow, List.of(entry));
      }
      case LOST -> {
        flow.ownership().drop(entry);
        flow.metrics().lost(1);
      }
      case IMPOSSIBLE ->
          bury(
              flow,
              entry,
              Reason.PERMANENT,
              "the key of an outbound stream holds something else than a stream, or one that can"
                  + " have no more entries");
    }
  }

  private void acknowledge(Flow flow, Entry entry) {
    acknowledgerOf(flow).add(entry);
    entry.settle();
  }

  private Acknowledger acknowledgerOf(Flow flow) {
    Acknowledger acknowledger = acknowledgers.get(flow);
    if (acknowledger == null) {
      throw new IllegalStateException("nothing acknowledges entries of " + flow.stream().stream());
    }
    return acknowledger;
  }

  /** Redis has these entries off its pending list. */
  void settled(Flow flow, List<Entry> entries) {
    long now = clock.millis();
    for (Entry entry : entries) {
      try {
        settled(flow, entry, now);
      } catch (RuntimeException | Error e) {
        pipeline.rescue().closeBooks(entry, e);
      }
    }
    flow.metrics().acked(entries.size());
  }

  private void settled(Flow flow, Entry entry, long now) {
    if (!flow.ownership().drop(entry)) {
      return;
    }
    if (!cancelled.isEmpty() && cancelled.remove(entry)) {
      flow.metrics().cancelled(1);
      traces.record(entry, Traces.State.CANCELLED);
    } else {
      traces.record(entry, Traces.State.COMPLETED);
    }
    flow.metrics().endToEnd(Math.max(0, now - entry.entryId().millis()));
  }

  private void interrupted(Flow flow, Track track, Entry entry, Interruption why) {
    switch (why) {
      case CANCELLED -> {
        cancel(flow, entry);
        track.done(entry);
      }
      case LOCK_LOST -> track.putBack(entry);
      case ENTRY_LOST -> {
        flow.ownership().drop(entry);
        track.done(entry);
      }
      // It stays in hand, with what was tried and not settled, until the worker leaves.
      case DRAINING -> track.waitFor(entry);
    }
  }

  /** A user stopped an entry: it is acknowledged, not handled. */
  void cancel(Flow flow, Entry entry) {
    cancelled.add(entry);
    acknowledge(flow, entry);
    LOG.atInfo()
        .addKeyValue("stream", entry.stream())
        .addKeyValue("entry", entry.id())
        .log("entry cancelled");
  }

  void bury(Flow flow, Entry entry, String reason, String error) {
    pipeline.diary().deadLettered(entry.streamName(), entry.entryId(), reason, error);
    flow.parts()
        .letters()
        .bury(
            entry.entryId(),
            new DeadLetters.Verdict(reason, error, entry.attempt()),
            true,
            written -> {
              try {
                buried(flow, entry, reason, written);
              } catch (RuntimeException | Error e) {
                pipeline.rescue().closeBooks(entry, e);
              }
            });
    // Last: until now it is not on its way, and a mistake would leave it so for ever.
    entry.settle();
  }

  private void buried(Flow flow, Entry entry, String reason, boolean written) {
    flow.ownership().drop(entry);
    if (written) {
      flow.metrics().deadLettered(reason);
      traces.record(entry, Traces.State.DEAD_LETTERED);
    } else {
      flow.metrics().lost(1);
    }
  }
}
