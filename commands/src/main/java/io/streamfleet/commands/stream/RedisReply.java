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
 * Waits for Redis: a command of a person has one thread, which has nothing else to do.
 *
 * <p>What a Cluster does not serve for the moment, because slots move or a master is about to be
 * replaced, is asked for again, with growing pauses and not for ever. The Cluster has not run what
 * it answers in this way.
 */
public final class RedisReply {

  /** A slot of millions of keys moves key by key; whoever waits longer wants to know why. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Pattern PASSING =
      Pattern.compile("^(TRYAGAIN|MOVED|ASK|CLUSTERDOWN|MASTERDOWN)\\b");

  private RedisReply() {}

  /**
   * Sends a call, and again where its turn has not come; the link's own time limit ends each wait.
   *
   * @param call sends it once
   */
  public static <T> T of(Supplier<CompletableFuture<T>> call) {
    return of(call.get(), call);
  }

  /**
   * The same of a call that is on its way.
   *
   * @param again sends it once more
   */
  public static <T> T of(CompletableFuture<T> sent, Supplier<CompletableFuture<T>> again) {
    long begin = System.nanoTime();
    CompletableFuture<T> call = sent;
    for (int attempt = 1; ; attempt++) {
      try {
        return await(call);
      } catch (RedisException e) {
        if (!isPassing(e) || System.nanoTime() - begin > PATIENCE.toNanos()) {
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

  /** Waits; a command of a person has nothing else to do. */
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
