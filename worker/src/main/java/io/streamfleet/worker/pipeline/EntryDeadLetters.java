package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.settle.DeadLetterWriter;
import io.streamfleet.worker.settle.Traces;

/** Writes dead letters of entries in flight. Belongs to the pipeline's loop. */
final class EntryDeadLetters {

  private final ByStream<StreamParts> streams;
  private final PipelineLog log;
  private final InternalFailures internalFailures;
  private final Traces traces;

  EntryDeadLetters(
      ByStream<StreamParts> streams,
      PipelineLog log,
      InternalFailures internalFailures,
      Traces traces) {
    this.streams = streams;
    this.log = log;
    this.internalFailures = internalFailures;
    this.traces = traces;
  }

  /** Writes the dead letter of an entry, which is no longer in flight afterwards. */
  void write(Entry entry, String reason, String error) {
    log.deadLettered(entry.streamName(), entry.entryId(), reason, error);
    streams
        .of(entry)
        .deadLetters()
        .writeDeadLetter(
            entry.entryId(),
            new DeadLetterWriter.Cause(reason, error, entry.attempt()),
            true,
            written -> internalFailures.closing(entry, () -> written(entry, reason, written)));
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
