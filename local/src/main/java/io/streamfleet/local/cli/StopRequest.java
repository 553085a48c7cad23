package io.streamfleet.local.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The request to stop the fleet: Ctrl-C, SIGTERM, or the end of the launcher. The JVM would exit at
 * once; its shutdown hook waits here until everything has stopped in order, and then exits with the
 * resulting status.
 */
final class StopRequest implements AutoCloseable {

  /** A manifest may set a drain of up to an hour. */
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(65);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::onShutdown);
  private volatile int status = ExitStatus.FAILED;

  private StopRequest() {}

  /**
   * Starts to listen.
   *
   * @param launcher a process whose end also is a request
   */
  static StopRequest listen(Optional<ProcessHandle> launcher) {
    StopRequest request = new StopRequest();
    Runtime.getRuntime().addShutdownHook(request.hook);
    launcher.ifPresent(handle -> handle.onExit().thenRun(request.requested::countDown));
    return request;
  }

  /** Waits for a limited time; returns whether the fleet should stop. */
  boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sets the exit status in case of a signal. */
  void endWith(int code) {
    status = code;
  }

  private void onShutdown() {
    if (ended.getCount() == 0) {
      return;
    }
    requested.countDown();
    try {
      boolean inTime = ended.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(inTime ? status : ExitStatus.FAILED);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(ExitStatus.FAILED);
    }
  }

  /** Everything has stopped. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is running; it is told that everything has stopped.
      requested.countDown();
    }
  }
}
