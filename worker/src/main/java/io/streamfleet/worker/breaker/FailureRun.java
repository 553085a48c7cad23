package io.streamfleet.worker.breaker;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The failures since the last success, and whether they mean that the endpoint is unavailable. One
 * success ends a run, so a few poison messages among others never make a long run. Not thread-safe.
 */
final class FailureRun {

  /**
   * So many in a row are no coincidence while the endpoint works: if half of its replicas are gone,
   * it happens once in a million calls.
   */
  private static final int UNAVAILABLE_AT_ONCE = 20;

  /** Fewer suffice at a low rate of calls if they last for {@link #IN_TIME}. */
  private static final int UNAVAILABLE_IN_TIME = 5;

  /**
   * Even if nine of ten messages fail by their own fault, so many in a row happen once in a
   * thousand million calls.
   */
  private static final int FAILED_AT_ONCE = 200;

  /** Fewer suffice at a low rate of calls if they last for {@link #IN_TIME}. */
  private static final int FAILED_IN_TIME = 10;

  /** Fewer different messages that fail again and again are poison messages, not an outage. */
  private static final int DIFFERENT = 5;

  /** Longer than it takes to reconnect, shorter than three attempts take. */
  private static final Duration IN_TIME = Duration.ofSeconds(1);

  private final Set<Object> different = new HashSet<>();
  private int failed;
  private int unavailable;
  private long since;

  /** Ends the run: a call succeeded. */
  void end() {
    failed = 0;
    unavailable = 0;
    different.clear();
  }

  /** When the run began, in nanoseconds; undefined before the first failure. */
  long since() {
    return since;
  }

  /** Adds a failure. Returns a cause if the run means that the endpoint is unavailable. */
  Optional<Cause> add(Object message, Failure failure, long now) {
    if (failed == 0) {
      since = now;
    }
    failed++;
    if (different.size() < DIFFERENT) {
      different.add(message);
    }
    boolean lasts = now - since >= IN_TIME.toNanos();
    if (!(failure instanceof Failure.OfMessage)) {
      unavailable++;
      if (unavailable >= UNAVAILABLE_AT_ONCE || (unavailable >= UNAVAILABLE_IN_TIME && lasts)) {
        return Optional.of(Cause.UNAVAILABLE);
      }
    }
    boolean many = failed >= FAILED_AT_ONCE || (failed >= FAILED_IN_TIME && lasts);
    return many && different.size() >= DIFFERENT ? Optional.of(Cause.FAILING) : Optional.empty();
  }
}
