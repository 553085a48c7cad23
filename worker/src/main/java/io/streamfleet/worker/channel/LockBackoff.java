package io.streamfleet.worker.channel;

import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import java.util.random.RandomGenerator;

/**
 * The back-off of calls for locks and hand-overs. One count of failures for all of them, since they
 * go to the same Redis. Belongs to the pipeline's loop.
 */
final class LockBackoff {

  private final EventLoop loop;
  private final LockReport report;
  private final RandomGenerator random;
  private int inRow;

  LockBackoff(EventLoop loop, LockReport report, RandomGenerator random) {
    this.loop = loop;
    this.report = report;
    this.random = random;
  }

  /** Reports a failed call that is not repeated. */
  void report(String what, Throwable failure) {
    report.calls().failed(what, failure);
  }

  /** Reports and counts a failed call that is repeated. */
  void count(String what, Throwable failure) {
    report(what, failure);
    inRow++;
  }

  /** Runs a task after a back-off by the number of failures. */
  void retry(Runnable task) {
    loop.after(Backoff.REDIS.after(inRow, random), task);
  }

  /** A call of this operation succeeded. */
  void works(String what) {
    report.calls().worked(what);
  }

  /** Resets the number of failures: Redis answers. */
  void over() {
    inRow = 0;
  }
}
