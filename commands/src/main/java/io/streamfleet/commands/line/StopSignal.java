package io.streamfleet.commands.line;

import io.streamfleet.process.log.Logging;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (SIGINT) and SIGTERM, heard as a wish to end. The Java machine would end the process at
 * once; its hook waits here until the command has said what it did, and then ends with its status.
 */
public final class StopSignal implements AutoCloseable {

  /** Longer than a command waits for Redis by default, which is 10 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::heard);
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

  /** With which status the process ends if it was stopped; 1 until told. */
  public void endWith(int code) {
    status = code;
  }

  private void heard() {
    asked = true;
    try {
      boolean inTime = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      Logging.flush();
      Runtime.getRuntime().halt(inTime ? status : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command has said all. */
  @Override
  public void close() {
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal came this moment; the hook hears that we ended.
        status = 0;
      }
    }
    ended.countDown();
  }
}
