package io.streamfleet.redis.group;

import io.streamfleet.redis.Failures;
import java.util.Optional;

/**
 * What Redis answered to one question: a value, a refusal, or neither where it was not asked.
 *
 * @param missing whether it was refused because there is no such stream or group
 */
record Answer<T>(Optional<T> value, Optional<String> refusal, boolean missing) {

  static <T> Answer<T> unasked() {
    return new Answer<>(Optional.empty(), Optional.empty(), false);
  }

  static <T> Answer<T> of(T value) {
    return new Answer<>(Optional.of(value), Optional.empty(), false);
  }

  static <T> Answer<T> refused(Throwable cause) {
    boolean missing = Failures.isNoGroup(cause) || Failures.isNoKey(cause);
    return new Answer<>(
        Optional.empty(), missing ? Optional.empty() : Optional.of(Failures.line(cause)), missing);
  }
}
