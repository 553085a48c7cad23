package io.streamfleet.worker.loop;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Calls that must succeed in the end: tried again with back-off until Redis took them or the worker
 * ends. What they settle stays pending in Redis until then, and counts against the credits, so the
 * number of such calls is bounded. Belongs to the pipeline's loop.
 */
public final class Persistent {

  private final EventLoop loop;
  private final RandomGenerator random;
  private final CallReport report;

  /** How many calls have failed and not succeeded yet, by what they are for. */
  private final Map<String, Integer> failing = new HashMap<>();

  private int open;

  /**
   * @param report hears of each try that failed, and when none of a kind fails any more
   */
  public Persistent(EventLoop loop, RandomGenerator random, CallReport report) {
    this.loop = loop;
    this.random = random;
    this.report = report;
  }

  /** Calls until it succeeds. The call must do no harm when it runs twice. */
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

  /** What throws before anything is sent has failed like what comes back: it is tried again. */
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

  /** Whether a call for this has failed and not succeeded since. */
  public boolean fails(String what) {
    return failing.containsKey(what);
  }

  /** How many calls have not succeeded yet. */
  public int open() {
    return open;
  }
}
