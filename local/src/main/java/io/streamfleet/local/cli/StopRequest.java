package io.streamfleet.local.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that a fleet ends: Ctrl-C and SIGTERM, or that its launcher is gone. The Java machine
 * would end the process at once; its hook waits here until all has ended in order, and then ends
 * the process with the status of that.
 */
final class StopRequest implements AutoCloseable {

  /** An hour is the longest drain that a manifest may ask for. */
  private static final Duration PATIENCE = Duration.ofMinutes(65);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::heard);
  private volatile int status = ExitStatus.FAILED;

  private StopRequest() {}

  /**
   * Listens.
   *
   * @param launcher the process whose end is a wish as well
   */
  static StopRequest listen(Optional<ProcessHandle> launcher) {
    StopRequest wish = new StopRequest();
    Runtime.getRuntime().addShutdownHook(wish.hook);
    launcher.ifPresent(handle -> handle.onExit().thenRun(wish.asked::countDown));
    return wish;
  }

  /** Waits so long at most; true when the fleet is to end. */
  boolean await(Duration time) throws InterruptedException {
    return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** With which status the process ends if it was a signal. */
  void endWith(int code) {
    status = code;
  }

  private void heard() {
    if (ended.getCount() == 0) {
      return;
    }
    asked.countDown();
    try {
      boolean inTime = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(inTime ? status : ExitStatus.FAILED);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(ExitStatus.FAILED);
    }
  }

  /** All has ended. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs, and has heard that all has ended.
      asked.countDown();
    }
  }
}
