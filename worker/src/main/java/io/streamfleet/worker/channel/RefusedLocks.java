package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Lanes whose lock Redis can't give because of its key: something else lies there, or an ACL
 * forbids it. Each waits for itself, is told of once, and the others go on. Belongs to the
 * pipeline's loop, but for {@link #count()}.
 */
final class RefusedLocks {

  /** Somebody must delete a key or change an ACL first: nobody waits for the moment it is done. */
  private static final Backoff PAUSE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final LockReport report;
  private final RandomGenerator random;
  private volatile int count;

  RefusedLocks(LockReport report, RandomGenerator random) {
    this.report = report;
    this.random = random;
  }

  /** Redis refused a lane's lock, again or for the first time. */
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

  /** Redis told who has the lane's lock, or nobody wants it any more. */
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

  /** Until the lock is to be asked for again. */
  Duration pause(Lane lane) {
    return PAUSE.after(lane.refusedLocks, random);
  }

  /** How many lanes stand still. May be asked from anywhere. */
  int count() {
    return count;
  }
}
