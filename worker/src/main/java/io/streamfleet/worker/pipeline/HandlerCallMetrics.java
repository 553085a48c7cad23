package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.metrics.HandlerMetrics;
import io.streamfleet.worker.metrics.HandlerOutcome;

/**
 * Counts and measures the calls of the handler.
 *
 * @param metrics the metrics of the pipeline's handler
 */
record HandlerCallMetrics(HandlerMetrics metrics) {

  /** Records an outcome; nothing if the handler was not called. */
  void observe(Entry entry, Outcome outcome) {
    HandlerOutcome label =
        switch (outcome) {
          case Outcome.Success s -> HandlerOutcome.SUCCESS;
          case Outcome.Transient t -> HandlerOutcome.TRANSIENT_FAILURE;
          case Outcome.Broken b -> HandlerOutcome.TRANSIENT_FAILURE;
          case Outcome.BatchFailed b -> HandlerOutcome.TRANSIENT_FAILURE;
          case Outcome.Unavailable u -> HandlerOutcome.UNAVAILABLE;
          case Outcome.Permanent p -> HandlerOutcome.PERMANENT_FAILURE;
          case Outcome.Limited l -> HandlerOutcome.LIMITED;
          case Outcome.Hindered h -> HandlerOutcome.HINDERED;
          case Outcome.Interrupted(Interruption why) ->
              why == Interruption.CANCELLED ? HandlerOutcome.CANCELLED : HandlerOutcome.INTERRUPTED;
          case Outcome.NotRun() -> null;
        };
    if (label != null) {
      boolean begun = entry.startedAt() != 0;
      metrics.observe(label, begun ? entry.finishedAt() - entry.startedAt() : 0);
    }
  }
}
