package io.streamfleet.handler;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Another attempt may help. Any other exception is retried as well; this one can say how long to
 * wait.
 */
public class TransientFailure extends Exception {

  private static final long serialVersionUID = 1;

  private final @Nullable Duration retryAfter;

  /**
   * @param message what happened, for the dead letter and the log: no payload, no credential
   */
  public TransientFailure(String message) {
    super(message);
    this.retryAfter = null;
  }

  public TransientFailure(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  /**
   * @param retryAfter how long to wait at least, up to {@code retry.maxBackoff}
   */
  public TransientFailure(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long the handler asks to wait, if it knows. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
