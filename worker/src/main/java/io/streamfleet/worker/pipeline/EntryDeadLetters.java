package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.settle.DeadLetterWriter;
import io.streamfleet.worker.settle.Traces;
import io.streamfleet.worker.telemetry.Sending;
import io.streamfleet.worker.telemetry.Tracing;

/** Writes dead letters of entries in flight. Belongs to the pipeline's loop. */
final class EntryDeadLetters {

  private static final String LOST = "the entry belongs to another consumer by now";

  private final ByStream<StreamParts> streams;
  private final PipelineLog log;
  private final InternalFailures internalFailures;
  private final Traces traces;
  private final Tracing tracing;

  /** That of the dead letters. */
  private final String stream;

  EntryDeadLetters(
      Shared shared,
      ByStream<StreamParts> streams,
      InternalFailures internalFailures,
      Traces traces) {
    this.streams = streams;
    this.log = shared.log();
    this.tracing = shared.tracing();
    this.stream = shared.settings().deadLetter().stream();
    this.internalFailures = internalFailures;
    this.traces = traces;
  }

  /** Writes the dead letter of an entry, which is no longer in flight afterwards. */
  void write(Entry entry, String reason, String error) {
    log.deadLettered(entry.streamName(), entry.entryId(), reason, error);
    Sending sending = tracing.deadLetter(entry, stream, reason);
    streams
        .of(entry)
        .deadLetters()
        .writeDeadLetter(
            entry.entryId(),
            new DeadLetterWriter.Cause(reason, error, entry.attempt()),
            true,
            written -> {
              sending.end(written ? "" : LOST);
              internalFailures.closing(entry, () -> written(entry, reason, written));
            });
    // Last: if a line above threw, the entry would be marked as settling for ever.
    entry.settle();
  }

  private void written(Entry entry, String reason, boolean written) {
    StreamEntries entries = streams.of(entry).entries();
    entries.drop(entry);
    if (written) {
      entries.metrics().deadLettered(reason);
      traces.record(entry, Traces.State.DEAD_LETTERED);
    } else {
      entries.metrics().lost(1);
    }
  }
}
