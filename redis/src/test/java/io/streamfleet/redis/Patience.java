package io.streamfleet.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what a call comes to, and never for ever. */
public final class Patience {

  /**
   * A server on the loopback interface answers in milliseconds, a busy machine in a few seconds.
   */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Patience() {}

  /** What it completes with. */
  public static <T> T result(CompletableFuture<T> call) {
    try {
      return call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      throw new AssertionError("the call did not succeed", e);
    }
  }

  /** What it fails with. */
  public static Throwable failure(CompletableFuture<?> call) {
    try {
      Object value = call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("it did not fail, but came to " + value);
    } catch (ExecutionException e) {
      return Failures.cause(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the call did not end", e);
    }
  }
}
