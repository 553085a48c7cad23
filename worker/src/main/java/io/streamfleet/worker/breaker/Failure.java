package io.streamfleet.worker.breaker;

import java.time.Duration;

/** How a call of a handler failed, as far as it matters to a breaker. */
public sealed interface Failure {

  /**
   * The endpoint caused the failure.
   *
   * @param retryAfter how long it asks to get no calls; zero if it does not say
   */
  record Unavailable(Duration retryAfter) implements Failure {

    /** Without a time to wait. */
    public static final Unavailable NOW = new Unavailable(Duration.ZERO);
  }

  /** The connection broke after the message was sent: endpoint or message may be the cause. */
  record Broken() implements Failure {}

  /** The message caused the failure, unless nearly all others fail as well. */
  record OfMessage() implements Failure {}
}
