package io.streamfleet.redis.group;

import io.streamfleet.redis.Failures;
import java.util.Optional;

/**
 * The result of one command: a value, an error, or neither if it was not sent.
 *
 * @param missing whether the stream or the group does not exist
 */
record CallResult<T>(Optional<T> value, Optional<String> refusal, boolean missing) {

  static <T> CallResult<T> unasked() {
    return new CallResult<>(Optional.empty(), Optional.empty(), false);
  }

  static <T> CallResult<T> of(T value) {
    return new CallResult<>(Optional.of(value), Optional.empty(), false);
  }

  static <T> CallResult<T> refused(Throwable cause) {
    boolean missing = Failures.isNoGroup(cause) || Failures.isNoKey(cause);
    return new CallResult<>(
        Optional.empty(), missing ? Optional.empty() : Optional.of(Failures.line(cause)), missing);
  }
}
