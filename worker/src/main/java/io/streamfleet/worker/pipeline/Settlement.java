package io.streamfleet.worker.pipeline;

import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.lane.Track;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.observe.HandlerMetrics;
import io.streamfleet.worker.observe.HandlerOutcome;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetters;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Reason;
import io.streamfleet.worker.settle.Retries;
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
  private final long minIdleNanos;
  private final Persistent persistent;
  private final Retries retries;
  private final Emitter emitter;
  private final Traces traces;
  private final HandlerMetrics metrics;
  private final Clock clock;
  private final Map<Flow, Acknowledger> acknowledgers = new HashMap<>();

  /** Handled entries whose ownership is in question. */
  private int rechecking;

  /** Entries that a user stopped; they are acknowledged like handled ones, and told apart here. */
  private final Set<Entry> cancelled = new HashSet<>();

  Settlement(
      Pipeline pipeline,
      long minIdleNanos,
      Persistent persistent,
      Retries retries,
      Emitter emitter,
      Traces traces,
      HandlerMetrics metrics,
      Clock clock) {
    this.pipeline = pipeline;
    this.minIdleNanos = minIdleNanos;
    this.persistent = persistent;
    this.retries = retries;
    this.emitter = emitter;
    this.traces = traces;
    this.metrics = metrics;
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
    return retries.waiting() > 0;
  }

  /** Whether nothing that was handled waits to be settled, but for calls that are on their way. */
  boolean idle() {
    return rechecking == 0
        && acknowledgers.values().stream().allMatch(acknowledger -> acknowledger.waiting() == 0);
  }

  void turn(boolean nothingRuns) {
    acknowledgers.values().forEach(acknowledger -> acknowledger.turn(nothingRuns));
  }

  /** The handler's thread is done with an entry. */
  void completed(Entry entry) {
    Flow flow = pipeline.flowOf(entry);
    Track track = pipeline.trackOf(entry);
    Outcome outcome = cancelled(entry, entry.outcome());
    observe(entry, outcome);
    if (flow.inHand(entry.entryId()) != entry) {
      // Lost while it was with the handler.
      entry.letGo();
      track.done(entry);
      return;
    }
    switch (outcome) {
      case Outcome.Success success -> handled(flow, track, entry, success);
      case Outcome.Permanent permanent -> {
        pipeline.diary().failed(entry, permanent.failure());
        bury(flow, entry, Reason.PERMANENT, text(permanent.failure()));
        track.done(entry);
      }
      case Outcome.Transient failure -> failed(flow, track, entry, failure);
      case Outcome.Interrupted(Interruption why) -> interrupted(flow, track, entry, why);
      case Outcome.NotRun() -> track.putBack(entry);
    }
  }

  /** A user may have stopped the entry when its handler had just ended, or not begun yet. */
  private static Outcome cancelled(Entry entry, Outcome outcome) {
    boolean open = outcome instanceof Outcome.Transient || outcome instanceof Outcome.NotRun;
    return open && entry.interruption() == Interruption.CANCELLED
        ? new Outcome.Interrupted(Interruption.CANCELLED)
        : outcome;
  }

  private void handled(Flow flow, Track track, Entry entry, Outcome.Success success) {
    boolean surelyOurs = entry.finishedAt() - entry.ownedAt() < minIdleNanos;
    if (surelyOurs && track.surelyAlone(entry, entry.finishedAt())) {
      List<OutboundMessage> messages = success.handled().outbound();
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
            emit(flow, track, entry, success.handled().outbound());
          }
        });
  }

  /** The lane goes on only when the messages are appended: their order is the channel's. */
  private void emit(Flow flow, Track track, Entry entry, List<OutboundMessage> messages) {
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
            switch (emission) {
              case DONE -> {
                pipeline.emitted(messages);
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
                      "the key of an outbound stream holds something else than a stream");
            }
            track.release(entry);
          });
      entry.settle();
    } catch (IllegalArgumentException e) {
      pipeline.diary().failed(entry, e);
      bury(
          flow,
          entry,
          Reason.PERMANENT,
          "the handler emitted what cannot be sent: " + e.getMessage());
      track.release(entry);
    }
  }

  private void acknowledge(Flow flow, Entry entry) {
    entry.settle();
    acknowledgerOf(flow).add(entry);
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
    int stopped = 0;
    for (Entry entry : entries) {
      if (!flow.ownership().drop(entry)) {
        continue;
      }
      if (!cancelled.isEmpty() && cancelled.remove(entry)) {
        stopped++;
        traces.record(entry, Traces.State.CANCELLED);
      } else {
        traces.record(entry, Traces.State.COMPLETED);
      }
      flow.metrics().endToEnd(Math.max(0, now - entry.entryId().millis()));
    }
    flow.metrics().acked(entries.size());
    if (stopped > 0) {
      flow.metrics().cancelled(stopped);
    }
  }

  private void failed(Flow flow, Track track, Entry entry, Outcome.Transient failure) {
    pipeline.diary().failed(entry, failure.failure());
    if (!retries.allowed(entry)) {
      bury(flow, entry, Reason.MAX_ATTEMPTS, text(failure.failure()));
      track.done(entry);
      return;
    }
    traces.record(entry, Traces.State.ERRORED);
    entry.forgetOutcome();
    track.waitFor(entry);
    retries.later(
        entry,
        failure,
        () -> wanted(flow, entry),
        ours -> {
          if (!wanted(flow, entry)) {
            track.release(entry);
          } else if (ours) {
            flow.metrics().retried();
            track.resume(entry);
          } else {
            flow.ownership().lose(entry);
          }
        });
  }

  /** Whether an entry that waits for its next attempt is to have it. */
  private boolean wanted(Flow flow, Entry entry) {
    return flow.inHand(entry.entryId()) == entry && !pipeline.draining();
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

  private void bury(Flow flow, Entry entry, String reason, String error) {
    entry.settle();
    pipeline.diary().deadLettered(entry.streamName(), entry.entryId(), reason, error);
    flow.parts()
        .letters()
        .bury(
            entry.entryId(),
            new DeadLetters.Verdict(reason, error, entry.attempt()),
            true,
            written -> {
              flow.ownership().drop(entry);
              if (written) {
                flow.metrics().deadLettered(reason);
                traces.record(entry, Traces.State.DEAD_LETTERED);
              } else {
                flow.metrics().lost(1);
              }
            });
  }

  private void observe(Entry entry, Outcome outcome) {
    HandlerOutcome label =
        switch (outcome) {
          case Outcome.Success s -> HandlerOutcome.SUCCESS;
          case Outcome.Transient t -> HandlerOutcome.TRANSIENT_FAILURE;
          case Outcome.Permanent p -> HandlerOutcome.PERMANENT_FAILURE;
          case Outcome.Interrupted(Interruption why) ->
              why == Interruption.CANCELLED ? HandlerOutcome.CANCELLED : HandlerOutcome.INTERRUPTED;
          case Outcome.NotRun() -> null;
        };
    if (label != null) {
      metrics.observe(label, entry.finishedAt() - entry.startedAt());
    }
  }

  /** The handler's own words; it is told in its contract to keep payloads out of them. */
  private static String text(Throwable failure) {
    String message = failure.getMessage();
    String name = failure.getClass().getSimpleName();
    return message == null || message.isBlank() ? name : name + ": " + message;
  }
}
