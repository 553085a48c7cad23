package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The end of all consumers, side by side, each on a thread of the system's own: handlers that never
 * yield keep all carriers of virtual threads, and must not keep the worker from its end.
 */
public final class ParallelDrain {

  private ParallelDrain() {}

  /**
   * Returns whether all that they had in flight was settled.
   *
   * @param keeps whether what is left stays with this consumer, for the next process of its name
   */
  public static boolean of(List<Pipeline> consumers, Duration grace, boolean keeps)
      throws InterruptedException {
    List<CompletableFuture<Boolean>> drains = new ArrayList<>();
    for (Pipeline consumer : consumers) {
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      drains.add(done);
      Thread.ofPlatform()
          .name("drain-" + consumer.settings().name())
          .daemon(true)
          .start(() -> drain(consumer, grace, keeps, done));
    }
    boolean settled = true;
    for (CompletableFuture<Boolean> drain : drains) {
      settled &= drain.join();
    }
    for (Pipeline consumer : consumers) {
      consumer.close();
    }
    return settled;
  }

  private static void drain(
      Pipeline consumer, Duration grace, boolean keeps, CompletableFuture<Boolean> done) {
    try {
      done.complete(consumer.drain(grace, keeps));
    } catch (InterruptedException | RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }
}
