package io.streamfleet.commands.line;

import io.streamfleet.process.log.Logging;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C (SIGINT) and SIGTERM into a request to stop. A shutdown hook keeps the JVM from
 * exiting until the command has printed its result, and then ends the process with the command's
 * exit status.
 */
public final class StopSignal implements AutoCloseable {

  /** Longer than the default timeout of calls to Redis, which is 10 s. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::awaitEnd);
  private volatile boolean asked;
  private volatile int status = 1;

  private StopSignal() {}

  public static StopSignal listen() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  public boolean isAsked() {
    return asked;
  }

  /** Sets the exit status of the process if it was asked to stop; by default 1. */
  public void endWith(int code) {
    status = code;
  }

  private void awaitEnd() {
    asked = true;
    try {
      boolean inTime = ended.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      Logging.flush();
      Runtime.getRuntime().halt(inTime ? status : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called when the command has printed its result: lets the process exit. */
  @Override
  public void close() {
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal arrived just now, after the command had finished: the hook is running.
        status = 0;
      }
    }
    ended.countDown();
  }
}
