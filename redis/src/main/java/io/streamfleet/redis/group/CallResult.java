package io.streamfleet.redis.group;

import io.streamfleet.redis.Failures;
import java.util.Optional;

/**
 * What Redis answered to one question: a value, a refusal, or neither where it was not asked.
 *
 * @param missing whether it was refused because there is no such stream or group
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
