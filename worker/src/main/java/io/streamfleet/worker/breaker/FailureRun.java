package io.streamfleet.worker.breaker;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The failures since the last success, of which it is told whether they are the endpoint's. A
 * single success ends a run, so a few poisoned messages among others never make a long one. Not
 * safe for several threads.
 */
final class FailureRun {

  /**
   * So many in a row can't be chance while the endpoint works: where half of its replicas are gone,
   * it happens once in a million calls.
   */
  private static final int UNAVAILABLE_AT_ONCE = 20;

  /** Fewer will do where little is going on, and time has shown that it is no hiccup. */
  private static final int UNAVAILABLE_IN_TIME = 5;

  /**
   * Nine of ten messages may fail by their own fault: then so many in a row happen once in a
   * thousand million calls.
   */
  private static final int FAILED_AT_ONCE = 200;

  /** So few in flight can't tell by their number, so time has to: see {@link #IN_TIME}. */
  private static final int FAILED_IN_TIME = 10;

  /** A message that fails again and again, or a few of them, are poison and not an outage. */
  private static final int DIFFERENT = 5;

  /** Longer than a connection takes to be made again, shorter than three attempts take. */
  private static final Duration IN_TIME = Duration.ofSeconds(1);

  private final Set<Object> different = new HashSet<>();
  private int failed;
  private int unavailable;
  private long since;

  /** A call ended well. */
  void end() {
    failed = 0;
    unavailable = 0;
    different.clear();
  }

  /** When it began, in nanoseconds; after the first failure. */
  long since() {
    return since;
  }

  /** One more failure; tells what the endpoint suffers from, if it is the endpoint. */
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
