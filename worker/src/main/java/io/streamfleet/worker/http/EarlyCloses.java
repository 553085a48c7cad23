package io.streamfleet.worker.http;

import java.util.concurrent.TimeUnit;

/**
 * Some servers close connections right after an answer without announcing it, when there are too
 * many: that of the JDK has no more than 200 idle. A request that is sent in that very moment is
 * lost, and nobody knows whether it was taken. So while more connections are open than a server is
 * known to keep, each rests after an answer before it is used again: its end shows by then.
 */
final class EarlyCloses {

  /** As long as a busy machine takes from an answer to the close behind it. */
  static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Who closes a connection sooner than this after an answer did not do so for want of use. */
  private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What a server is trusted with at first: the least that one is known to have as its limit. */
  private static final int KEPT_BY_ALL = 200;

  /** Fewer are never closed for being too many. */
  private static final int LEAST = 8;

  /** So many answers without an early close show that a server keeps its connections. */
  private static final int PROOF = 4_096;

  private int proven = KEPT_BY_ALL;
  private int answers;

  /** Whether connections are to rest, with so many open. */
  boolean areExpected(int open) {
    return open > proven;
  }

  /** An answer came to its end, and its connection is kept. */
  void answered(int open) {
    if (open > proven && ++answers >= PROOF) {
      proven = open + open / 2;
      answers = 0;
    }
  }

  /** The server closed a connection that had carried an answer, without announcing it. */
  void closed(long idleFor, int open) {
    if (idleFor < EARLY_NANOS) {
      proven = Math.max(LEAST, Math.min(proven, open / 2));
      answers = 0;
    }
  }
}
