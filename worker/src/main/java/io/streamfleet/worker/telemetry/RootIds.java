package io.streamfleet.worker.telemetry;

import io.opentelemetry.sdk.trace.IdGenerator;

/** Random ids, except for a trace whose id follows from its message. */
final class RootIds implements IdGenerator {

  private static final ThreadLocal<String> NEXT = new ThreadLocal<>();

  private final IdGenerator random = IdGenerator.random();

  /** The trace that begins on this thread meanwhile gets this id. */
  static void during(String traceId, Runnable beginning) {
    NEXT.set(traceId);
    try {
      beginning.run();
    } finally {
      NEXT.remove();
    }
  }

  @Override
  public String generateTraceId() {
    String given = NEXT.get();
    return given == null ? random.generateTraceId() : given;
  }

  @Override
  public String generateSpanId() {
    return random.generateSpanId();
  }
}
