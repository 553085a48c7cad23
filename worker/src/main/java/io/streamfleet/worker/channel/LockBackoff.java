package io.streamfleet.worker.channel;

import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import java.util.random.RandomGenerator;

/**
 * How many calls about locks failed in a row, and the wait that follows: one count for them all,
 * since it is one Redis that fails. Belongs to the pipeline's loop.
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

  /** A call failed that nobody repeats: time mends what it left undone. */
  void mention(String what, Throwable failure) {
    report.calls().failed(what, failure);
  }

  /** A call failed, and what it was for is still to be done. */
  void count(String what, Throwable failure) {
    mention(what, failure);
    inRow++;
  }

  /** Does something about the last failure, after a back-off. */
  void retry(Runnable task) {
    loop.after(Backoff.REDIS.after(inRow, random), task);
  }

  /** Calls for this work. */
  void works(String what) {
    report.calls().worked(what);
  }

  /** Redis answers again. */
  void over() {
    inRow = 0;
  }
}
