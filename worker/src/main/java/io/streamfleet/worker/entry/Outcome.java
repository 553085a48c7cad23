package io.streamfleet.worker.entry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of handing an entry to the handler once. Nothing in it is the user's: what a handler
 * returned or threw was read on its own thread, so that none of it can fail later.
 */
public sealed interface Outcome {

  /** The handler returned, and asks for these messages to be emitted. */
  record Success(List<EmittedMessage> emitted) implements Outcome {

    /** For most: there is nothing to emit. */
    public static final Success NOTHING_TO_EMIT = new Success(List.of());
  }

  /** The message was not handled, and the handler, or what stands behind it, says so. */
  sealed interface Failed extends Outcome {

    /** What happened, in one line. */
    String failure();
  }

  /** The handler threw something that may pass. */
  record Transient(String failure, Optional<Duration> retryAfter) implements Failed {}

  /** The handler threw something that will not pass. */
  record Permanent(String failure) implements Failed {}

  /**
   * What the handler needs is away, which is no fault of the message.
   *
   * @param retryAfter how long it asks to be left alone
   */
  record Unavailable(String failure, Optional<Duration> retryAfter) implements Failed {}

  /**
   * The connection broke when the endpoint had the message, which may have been too much for it.
   */
  record Broken(String failure) implements Failed {}

  /** The machine did not let the handler work, which is no fault of the message. */
  record Hindered(MachineFault fault, String failure) implements Outcome {}

  /** The handler was interrupted by us, and gave up. */
  record Interrupted(Interruption why) implements Outcome {}

  /** The handler was not called: what it needed was no longer sure, or its lane waits. */
  record NotRun() implements Outcome {}
}
