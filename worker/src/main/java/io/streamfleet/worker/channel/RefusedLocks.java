package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Lanes whose lock Redis refuses because of its key: the key has another type, or an ACL forbids
 * it. Each lane retries with a back-off of its own and is reported once; other lanes are not
 * affected. Belongs to the pipeline's loop, except for {@link #count()}.
 */
final class RefusedLocks {

  /** Up to 30 s: someone must delete the key or change the ACL first, which takes a while. */
  private static final Backoff PAUSE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final LockReport report;
  private final RandomGenerator random;
  private volatile int count;

  RefusedLocks(LockReport report, RandomGenerator random) {
    this.report = report;
    this.random = random;
  }

  /** Redis refused a lane's lock. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  void refused(Lane lane, String reason) {
    if (lane.refusedLocks++ == 0) {
      count++;
      lane.refusalNamed = false;
    }
    StreamConsumer stream = lane.anyStream();
    if (stream != null) {
      lane.refusalNamed = report.lockRefused(stream, lane.key, reason, lane.refusalNamed);
    }
  }

  /** Redis does not refuse the lock any more, or the lane does not need it. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  void over(Lane lane) {
    if (lane.refusedLocks > 0) {
      lane.refusedLocks = 0;
      count--;
      if (count == 0) {
        report.locksUsableAgain();
      }
    }
  }

  boolean has(Lane lane) {
    return lane.refusedLocks > 0;
  }

  /** The time until the next attempt. */
  Duration pause(Lane lane) {
    return PAUSE.after(lane.refusedLocks, random);
  }

  /** How many lanes are stopped for this reason. Thread-safe. */
  int count() {
    return count;
  }
}
