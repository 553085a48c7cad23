package io.streamfleet.redis.group;

import io.lettuce.core.RedisCommandExecutionException;
import io.streamfleet.redis.Failures;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The result of one command: a value, an error, or neither if it was not sent.
 *
 * @param missing whether the stream or the group does not exist
 */
record CallResult<T>(Optional<T> value, Optional<String> refusal, boolean missing) {

  static <T> CallResult<T> unasked() {
    return new CallResult<>(Optional.empty(), Optional.empty(), false);
  }

  /** An error reply is a result; no reply is a failure. Without a value, none was there. */
  static <T> CompletableFuture<CallResult<T>> of(CompletableFuture<? extends @Nullable T> reply) {
    return reply.handle(
        (value, failure) -> {
          if (failure == null) {
            return new CallResult<T>(Optional.ofNullable(value), Optional.empty(), false);
          }
          Throwable cause = Failures.cause(failure);
          if (cause instanceof RedisCommandExecutionException) {
            return refused(cause);
          }
          throw new CompletionException(cause);
        });
  }

  private static <T> CallResult<T> refused(Throwable cause) {
    boolean missing = Failures.isNoGroup(cause) || Failures.isNoKey(cause);
    return new CallResult<>(
        Optional.empty(), missing ? Optional.empty() : Optional.of(Failures.line(cause)), missing);
  }
}
