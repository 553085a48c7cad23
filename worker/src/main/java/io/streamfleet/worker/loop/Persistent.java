package io.streamfleet.worker.loop;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
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
  private final BiConsumer<String, Throwable> trouble;
  private int open;

  /**
   * @param trouble hears, on the loop, of each failed try: what was tried and why it failed
   */
  public Persistent(EventLoop loop, RandomGenerator random, BiConsumer<String, Throwable> trouble) {
    this.loop = loop;
    this.random = random;
    this.trouble = trouble;
  }

  /** Calls until it succeeds. The call must do no harm when it runs twice. */
  public <T> void call(String what, Supplier<CompletableFuture<T>> call, Consumer<T> then) {
    open++;
    attempt(what, call, then, 1);
  }

  private <T> void attempt(
      String what, Supplier<CompletableFuture<T>> call, Consumer<T> then, int number) {
    call.get()
        .whenComplete(
            (value, failure) ->
                loop.execute(
                    () -> {
                      if (failure == null) {
                        open--;
                        then.accept(value);
                      } else {
                        trouble.accept(what, failure);
                        loop.after(
                            Backoff.REDIS.after(number, random),
                            () -> attempt(what, call, then, number + 1));
                      }
                    }));
  }

  /** How many calls have not succeeded yet. */
  public int open() {
    return open;
  }
}
