package io.streamfleet.handler;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the handler needs for its work is away, whatever the message: a server that refuses
 * connections, a platform that asks to wait. The message is tried again without an attempt used up,
 * however long that lasts. When it goes on like that the worker hands over nothing but a probe now
 * and then, until one is handled.
 */
public class HandlerUnavailable extends Exception {

  private static final long serialVersionUID = 1;

  private final @Nullable Duration retryAfter;

  /**
   * @param message what happened, for the log: no payload, no credential
   */
  public HandlerUnavailable(String message) {
    super(message);
    this.retryAfter = null;
  }

  public HandlerUnavailable(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  /**
   * @param retryAfter how long the handler is to get no message at all; honoured up to an hour
   */
  public HandlerUnavailable(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long the handler asks to wait, if it knows. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
