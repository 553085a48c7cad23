package io.streamfleet.worker.entry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one call of the handler. It contains no objects of user code: whatever the handler
 * returned or threw was read on the handler's thread, so that none of it can fail later.
 */
public sealed interface Outcome {

  /** The handler returned, with these messages to emit. */
  record Success(List<EmittedMessage> emitted) implements Outcome {

    /** Without messages to emit, as for most entries. */
    public static final Success NOTHING_TO_EMIT = new Success(List.of());
  }

  /** The handler, or the endpoint behind it, did not handle the message. */
  sealed interface Failed extends Outcome {

    /** What happened, in one line. */
    String failure();
  }

  /**
   * A failure of the message that another attempt may not have.
   *
   * @param retryAfter the delay that the handler asked for, if any
   */
  record Transient(String failure, Optional<Duration> retryAfter) implements Failed {}

  /** A failure of the message that every attempt would have. */
  record Permanent(String failure) implements Failed {}

  /**
   * Something that the handler needs is unavailable; not a failure of the message.
   *
   * @param retryAfter how long it asked to get no calls, if it did
   */
  record Unavailable(String failure, Optional<Duration> retryAfter) implements Failed {}

  /**
   * A limit of the message's channel is used up; not a failure of the message, nor of the endpoint.
   *
   * @param retryAfter how long the channel should wait, if that is known
   */
  record Limited(String failure, Optional<Duration> retryAfter) implements Outcome {}

  /** The connection broke after the endpoint had received the message, which may be the cause. */
  record Broken(String failure) implements Failed {}

  /**
   * The request with the message and others failed, not known because of which. Each is sent again
   * in a request of its own, whose outcome counts.
   */
  record BatchFailed(String failure) implements Outcome {}

  /** A resource of the machine was used up; not a failure of the message. */
  record Hindered(MachineFault fault, String failure) implements Outcome {}

  /** This worker interrupted the handler, and it ended without success. */
  record Interrupted(Interruption why) implements Outcome {}

  /**
   * The handler was not called: a limit permits the message to start only later.
   *
   * @param left how long it has to wait, as far as is known
   */
  record NotPermitted(Duration left) implements Outcome {}

  /** The handler was not called: lock or ownership was no longer certain, or its lane waits. */
  record NotRun() implements Outcome {}
}
