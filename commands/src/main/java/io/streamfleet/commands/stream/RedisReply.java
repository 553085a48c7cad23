package io.streamfleet.commands.stream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.PartitionSelectorException;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.loop.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Blocks until Redis replies, as a command has nothing else to do meanwhile.
 *
 * <p>Calls that a Redis Cluster can't serve at the moment, because slots move or a master is being
 * replaced, are repeated for up to 30 s with growing pauses. This is safe: with these errors the
 * cluster has not executed the call.
 */
public final class RedisReply {

  /** How long calls are repeated. A slot with many keys takes a while to move, key by key. */
  private static final Duration RETRY_FOR = Duration.ofSeconds(30);

  private static final Pattern PASSING =
      Pattern.compile("^(TRYAGAIN|MOVED|ASK|CLUSTERDOWN|MASTERDOWN)\\b");

  private RedisReply() {}

  /**
   * Sends a call and waits for its reply, repeating it if necessary. The timeout of the link limits
   * each wait.
   *
   * @param call sends the call once
   * @throws RedisException if Redis refuses the call or does not answer
   */
  public static <T> T of(Supplier<CompletableFuture<T>> call) {
    return of(call.get(), call);
  }

  /**
   * The same for a call that has already been sent.
   *
   * @param again sends the call again
   * @throws RedisException if Redis refuses the call or does not answer
   */
  public static <T> T of(CompletableFuture<T> sent, Supplier<CompletableFuture<T>> again) {
    long begin = System.nanoTime();
    CompletableFuture<T> call = sent;
    for (int attempt = 1; ; attempt++) {
      try {
        return await(call);
      } catch (RedisException e) {
        if (!isPassing(e) || System.nanoTime() - begin > RETRY_FOR.toNanos()) {
          throw e;
        }
      }
      pause(Backoff.REDIS.after(attempt, RandomGenerator.getDefault()));
      call = again.get();
    }
  }

  private static boolean isPassing(RedisException e) {
    return e instanceof PartitionSelectorException
        || (e instanceof RedisCommandExecutionException
            && PASSING.matcher(String.valueOf(e.getMessage())).find());
  }

  /** Sleeps, and throws a {@link RedisException} if interrupted. */
  public static void pause(Duration time) {
    await(
        CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)));
  }

  private static <T> T await(CompletableFuture<T> call) {
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
