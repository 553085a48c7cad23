package io.streamfleet.worker.loop;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Calls to Redis that must succeed in the end: retried with back-off until they succeed or the
 * worker ends. The entries that they settle stay pending in Redis until then and use credits, so
 * the number of such calls is bounded. Belongs to the pipeline's loop.
 */
public final class Persistent {

  private final EventLoop loop;
  private final RandomGenerator random;
  private final CallReport report;

  /** How many calls have failed and not succeeded yet, by operation. */
  private final Map<String, Integer> failing = new HashMap<>();

  private int open;

  /**
   * @param report notified of each failed attempt, and when no call of an operation fails any more
   */
  public Persistent(EventLoop loop, RandomGenerator random, CallReport report) {
    this.loop = loop;
    this.random = random;
    this.report = report;
  }

  /**
   * Repeats a call until it succeeds. The call must be idempotent.
   *
   * @param what the operation, for {@link CallReport}
   * @param then called on the loop with the reply
   */
  public <T> void call(String what, Supplier<CompletableFuture<T>> call, Consumer<T> then) {
    open++;
    attempt(what, call, then, 1);
  }

  private <T> void attempt(
      String what, Supplier<CompletableFuture<T>> call, Consumer<T> then, int number) {
    send(call)
        .whenComplete(
            (value, failure) ->
                loop.execute(
                    () -> {
                      if (failure == null) {
                        open--;
                        if (number > 1) {
                          succeeded(what);
                        }
                        then.accept(value);
                      } else {
                        if (number == 1) {
                          failing.merge(what, 1, Integer::sum);
                        }
                        report.failed(what, failure);
                        loop.after(
                            Backoff.REDIS.after(number, random),
                            () -> attempt(what, call, then, number + 1));
                      }
                    }));
  }

  /** A call that throws before anything is sent counts as failed and is retried like any other. */
  private static <T> CompletableFuture<T> send(Supplier<CompletableFuture<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void succeeded(String what) {
    if (failing.merge(what, -1, Integer::sum) == 0) {
      failing.remove(what);
      report.worked(what);
    }
  }

  /** Whether a call of this operation has failed and not succeeded since. */
  public boolean fails(String what) {
    return failing.containsKey(what);
  }

  /** How many calls have not succeeded yet. */
  public int open() {
    return open;
  }
}
