package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Drains all pipelines concurrently, each on a platform thread: handlers may occupy all carriers of
 * virtual threads, which must not keep the worker from draining.
 */
public final class ParallelDrain {

  private ParallelDrain() {}

  /**
   * Drains and closes pipelines.
   *
   * @param grace how long handlers may go on
   * @param keeps whether the entries that are left stay pending for this consumer, for its next
   *     process
   * @return whether all entries in flight were settled
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
