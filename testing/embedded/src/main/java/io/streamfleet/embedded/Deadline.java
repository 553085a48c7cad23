package io.streamfleet.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for conditions until a point in time. */
final class Deadline {

  /** A server starts in tens of milliseconds; half a minute is for busy machines. */
  static final Duration START = Duration.ofSeconds(30);

  /** Below what people notice, above the cost of asking a server. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(15);

  private final Duration timeout;
  private final long endNanos;

  private Deadline(Duration timeout) {
    this.timeout = timeout;
    this.endNanos = System.nanoTime() + timeout.toNanos();
  }

  static Deadline in(Duration timeout) {
    return new Deadline(timeout);
  }

  /** The condition; an {@link IOException} counts as "not yet". */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /**
   * Polls, at least once, until the condition holds.
   *
   * @param what the condition in words, for the error
   * @param seen additional text for the error, such as the end of a log
   * @throws ServerFailure after the deadline, or when the thread is interrupted
   */
  void await(String what, Condition condition, Supplier<String> seen) {
    while (!holds(condition)) {
      if (System.nanoTime() - endNanos >= 0) {
        throw new ServerFailure(
            "waited %s in vain until %s\n%s".formatted(timeout, what, seen.get()));
      }
      try {
        TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ServerFailure("interrupted while waiting until " + what, e);
      }
    }
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (IOException e) {
      return false;
    }
  }
}
