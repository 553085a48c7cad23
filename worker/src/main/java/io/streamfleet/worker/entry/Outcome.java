package io.streamfleet.worker.entry;

import io.streamfleet.handler.Handled;
import java.time.Duration;
import java.util.Optional;

/** What came of handing an entry to the handler once. */
public sealed interface Outcome {

  /** The handler returned. */
  record Success(Handled handled) implements Outcome {}

  /** The handler threw something that may pass. */
  record Transient(Throwable failure, Optional<Duration> retryAfter) implements Outcome {}

  /** The handler threw something that will not pass. */
  record Permanent(Throwable failure) implements Outcome {}

  /** The handler was interrupted by us, and gave up. */
  record Interrupted(Interruption why) implements Outcome {}

  /** The handler was not called: what it needed was no longer sure, or its lane waits. */
  record NotRun() implements Outcome {}
}
