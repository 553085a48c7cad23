package io.streamfleet.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A point in time until which conditions are waited for. */
final class Deadline {

  /** A server starts in tens of milliseconds; half a minute is for machines that are busy. */
  static final Duration START = Duration.ofSeconds(30);

  /** Far below what a person notices, far above what asking a server costs. */
  private static final Duration PAUSE = Duration.ofMillis(15);

  private final Duration timeout;
  private final long endNanos;

  private Deadline(Duration timeout) {
    this.timeout = timeout;
    this.endNanos = System.nanoTime() + timeout.toNanos();
  }

  static Deadline in(Duration timeout) {
    return new Deadline(timeout);
  }

  /** What is waited for; an {@link IOException} counts as "not yet". */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /**
   * Asks again and again, at least once, until the condition holds.
   *
   * @param what the condition in words, for the error
   * @param seen what to add to the error, such as the end of a log
   * @throws ServerFailure when the time is over, or the thread is interrupted
   */
  void await(String what, Condition condition, Supplier<String> seen) {
    while (!holds(condition)) {
      if (System.nanoTime() - endNanos >= 0) {
        throw new ServerFailure(
            "waited %s in vain until %s\n%s".formatted(timeout, what, seen.get()));
      }
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
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
