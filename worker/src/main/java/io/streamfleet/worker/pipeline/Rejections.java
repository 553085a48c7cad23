package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.read.Batch.Rejected;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.settle.DeadLetterWriter;
import io.streamfleet.worker.settle.Traces;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes dead letters of rejected entries of one stream, which were never in flight: they cannot be
 * decoded, their payload is gone, or they may have killed their workers. Belongs to the pipeline's
 * loop.
 */
final class Rejections {

  private final PipelineLog log;
  private final IntakeSwitch intakeSwitch;
  private final StreamConsumer stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final PendingEntries pending;
  private final DeadLetterWriter deadLetters;
  private final Suspects suspects;
  private final Traces traces;

  /** Entries whose dead letter is being written; they are still pending for this consumer. */
  private final Set<EntryId> deadLettering = new HashSet<>();

  Rejections(
      Shared shared,
      StreamEntries entries,
      DeadLetterWriter deadLetters,
      Suspects suspects,
      Traces traces) {
    this.log = shared.log();
    this.intakeSwitch = shared.intakeSwitch();
    this.credits = shared.credits();
    this.stream = entries.stream();
    this.metrics = entries.metrics();
    this.pending = entries.pending();
    this.deadLetters = deadLetters;
    this.suspects = suspects;
    this.traces = traces;
  }

  /** Whether the dead letter of an entry is being written. */
  boolean isDeadLettering(EntryId id) {
    return deadLettering.contains(id);
  }

  /** Whether nothing is on its way out. */
  boolean isIdle() {
    return deadLettering.isEmpty();
  }

  /** An entry came that cannot be handled; it takes up credit until its letter is written. */
  void reject(Rejected rejected) {
    EntryId id = rejected.id();
    if (intakeSwitch.isDraining() || pending.entry(id) != null || !deadLettering.add(id)) {
      credits.gone(1);
      return;
    }
    try {
      writeDeadLetter(rejected);
    } catch (RuntimeException | Error e) {
      // A bug. The entry is still pending, and the next comparison of pending entries finds it.
      settled(id);
      log.bug(e);
    }
  }

  private void writeDeadLetter(Rejected rejected) {
    EntryId id = rejected.id();
    log.deadLettered(stream, id, rejected.reason(), rejected.error());
    deadLetters.writeDeadLetter(
        id,
        new DeadLetterWriter.Cause(rejected.reason(), rejected.error(), rejected.deliveries()),
        true,
        written -> {
          settled(id);
          if (written) {
            deadLetterWritten(rejected);
          }
        });
  }

  private void settled(EntryId id) {
    deadLettering.remove(id);
    credits.gone(1);
  }

  private void deadLetterWritten(Rejected rejected) {
    metrics.deadLettered(rejected.reason());
    if (rejected.reason().equals(DeadLetterReason.KILLED_WORKER)) {
      suspects.settled(stream, rejected.id());
    }
    if (rejected.reason().equals(DeadLetterReason.PAYLOAD_LOST)) {
      metrics.claimedDeleted(1);
    }
    String trace = rejected.trace();
    if (trace != null) {
      traces.record(trace, Traces.State.DEAD_LETTERED);
    }
  }

  /** XAUTOCLAIM removed ids from the pending entries list whose entries were deleted. */
  void deleted(List<EntryId> all) {
    // Entries in flight have their payload here and are handled.
    List<EntryId> ids = all.stream().filter(id -> pending.entry(id) == null).toList();
    metrics.claimedDeleted(ids.size());
    ids.forEach(
        id ->
            deadLetters.writeDeadLetter(
                id,
                new DeadLetterWriter.Cause(
                    DeadLetterReason.PAYLOAD_LOST,
                    "the stream was trimmed while the entry was pending",
                    0),
                false,
                written -> metrics.deadLettered(DeadLetterReason.PAYLOAD_LOST)));
  }
}
