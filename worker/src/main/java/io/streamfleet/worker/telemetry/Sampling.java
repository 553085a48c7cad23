package io.streamfleet.worker.telemetry;

import io.streamfleet.handler.TraceContext;

/**
 * Which traces are recorded. Decided by the trace's id, so that all attempts of a message, on
 * whichever worker, come to the same answer.
 *
 * @param byParent whether the decision of whoever began the trace is followed
 * @param ratio the part of the traces that is recorded otherwise, from 0 to 1
 */
record Sampling(boolean byParent, double ratio) {

  /** W3C Trace Context level 2, section 3.2.2.3.2: the last 7 bytes of an id are random. */
  private static final int RANDOM_BITS = 56;

  private static final double IDS = 0x1p56;

  /** Whether a trace that came with an entry is recorded. */
  boolean records(TraceContext trace) {
    return byParent ? trace.sampled() : begins(trace.traceId());
  }

  /** Whether a trace that begins here is recorded. */
  boolean begins(String traceId) {
    if (ratio >= 1) {
      return true;
    }
    int from = traceId.length() - RANDOM_BITS / 4;
    return Long.parseLong(traceId, from, traceId.length(), 16) < (long) (ratio * IDS);
  }
}
