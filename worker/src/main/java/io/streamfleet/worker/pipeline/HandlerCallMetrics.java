package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
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
    HandlerOutcome label = HandlerOutcome.of(outcome);
    if (label != null) {
      boolean begun = entry.startedAt() != 0;
      metrics.observe(
          label, begun ? entry.finishedAt() - entry.startedAt() : 0, entry.recordedTrace());
    }
  }
}
