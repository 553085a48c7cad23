package io.streamfleet.worker.telemetry;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;

/**
 * Records what happens to entries in distributed traces. Never throws, and never waits. Safe for
 * any thread.
 */
public interface Tracing extends AutoCloseable {

  /** The handler starts with an entry: from now on its trace is that of this attempt. */
  void begin(Entry entry);

  /** The handler has ended with it. Called on the handler's thread. */
  void end(Entry entry, Outcome outcome);

  /** A message that the handler emitted is about to be appended to a stream. */
  Sending emission(Entry entry, String stream);

  /**
   * A dead letter is about to be written.
   *
   * @param stream that of the dead letters
   * @param reason one of those of dead letters
   */
  Sending deadLetter(Entry entry, String stream, String reason);

  /** The handler, called so that libraries find the attempt's span on its thread. */
  MessageHandler current(MessageHandler handler);

  /** Exports what is left, for a short time at most. */
  @Override
  void close();
}
