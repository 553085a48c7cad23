package io.streamfleet.peers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A thread that repeats a task until it is stopped. */
public final class Loop {

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  private Loop(String name, Crew.Task once, Duration pause) {
    thread =
        Thread.ofPlatform()
            .name(name)
            .start(
                () ->
                    Crew.runOrEnd(
                        () -> {
                          while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                            once.run();
                          }
                        }));
  }

  /** Without a pause. */
  public static Loop always(String name, Crew.Task once) {
    return new Loop(name, once, Duration.ZERO);
  }

  /** With a pause before each run. */
  public static Loop every(Duration pause, String name, Crew.Task once) {
    return new Loop(name, once, pause);
  }

  /** Lets the current run end, and waits for it. */
  public void stop() {
    stopped.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
