package io.streamfleet.worker.breaker;

import java.time.Duration;

/** How a call of a handler failed, as far as a breaker cares. */
public sealed interface Failure {

  /**
   * The endpoint is surely to blame.
   *
   * @param retryAfter how long it asks to be left alone; zero if it does not
   */
  record Unavailable(Duration retryAfter) implements Failure {

    /** It does not say for how long. */
    public static final Unavailable NOW = new Unavailable(Duration.ZERO);
  }

  /** The connection broke when the endpoint had the message: nobody knows who is to blame. */
  record Broken() implements Failure {}

  /** The message is to blame, unless all others fail as well. */
  record OfMessage() implements Failure {}
}
