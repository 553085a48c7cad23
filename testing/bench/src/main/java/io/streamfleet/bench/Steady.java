package io.streamfleet.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A background load that runs until it is closed. Nothing else may use the connection of its
 * publisher meanwhile.
 */
final class Steady implements AutoCloseable {

  /** The load stops within this time. */
  private static final Duration SLICE = Duration.ofMillis(500);

  private final FutureTask<Void> task;
  private volatile boolean closed;

  Steady(Publisher publisher) {
    task =
        new FutureTask<>(
            () -> {
              while (!closed) {
                publisher.publish(SLICE, false);
              }
              return null;
            });
    Thread.ofPlatform().name("steady-load").daemon().start(task);
  }

  /**
   * @throws IOException if the load has ended, which it never does by itself
   */
  void check() throws IOException, InterruptedException {
    if (task.isDone()) {
      end();
    }
  }

  private void end() throws IOException, InterruptedException {
    try {
      task.get();
    } catch (ExecutionException | CancellationException e) {
      throw new IOException("the load ended", e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    closed = true;
    end();
  }
}
