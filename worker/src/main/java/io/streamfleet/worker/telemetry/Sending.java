package io.streamfleet.worker.telemetry;

import io.streamfleet.handler.TraceContext;
import java.util.Optional;

/** The sending of one message, which ends when Redis has it. */
public interface Sending {

  /** What is written into the message, for its reader to continue the trace. */
  Optional<TraceContext> context();

  /**
   * The message was sent, or will never be.
   *
   * @param failure why not; empty if it was sent
   */
  void end(String failure);
}
