package io.streamfleet.worker.deadletter;

import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.streamfleet.redis.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for Redis: a command of a person has one thread, which has nothing else to do. */
final class Reply {

  private Reply() {}

  /** The link's own time limit ends the wait. */
  static <T> T of(CompletableFuture<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      if (Failures.cause(e) instanceof RedisException refused) {
        throw refused;
      }
      throw new RedisException(Failures.cause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisCommandInterruptedException(e);
    }
  }
}
