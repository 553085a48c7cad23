package io.streamfleet.worker.metrics;

import io.prometheus.client.Histogram;
import io.streamfleet.handler.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Observations with the trace that they belong to, if it is recorded: a reader of OpenMetrics gets
 * it as an exemplar, so that a slow bucket leads to a trace.
 */
final class Exemplars {

  private Exemplars() {}

  static void observe(Histogram.Child histogram, double seconds, @Nullable TraceContext recorded) {
    if (recorded == null) {
      histogram.observe(seconds);
    } else {
      histogram.observeWithExemplar(
          seconds, "trace_id", recorded.traceId(), "span_id", recorded.parentId());
    }
  }
}
