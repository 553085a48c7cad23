package io.streamfleet.handler;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that the handler needs for every message is unavailable: a server that refuses
 * connections, a platform that asks to wait. The message is tried again without using up an
 * attempt, however long that lasts. If it continues, the worker only sends a probe now and then
 * until one is handled.
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
   * @param retryAfter how long the handler should get no message at all; an hour at most
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
