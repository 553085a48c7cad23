package io.streamfleet.worker.http;

import java.util.concurrent.TimeUnit;

/**
 * Detects servers that close connections right after an answer without announcing it, because there
 * are too many: the server of the JDK keeps at most 200 idle connections. A request that is sent at
 * that moment is lost, and it is unknown whether it was processed. So while more connections are
 * open than the server is known to keep, each one is left idle for a moment before it is used
 * again; a close arrives within that time.
 */
final class EarlyCloses {

  /** How long a close may follow an answer on a busy machine. */
  static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** A close sooner than this after an answer is not due to an idle time-out. */
  private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How many a server keeps at first: the lowest limit that a known server has by default. */
  private static final int KEPT_BY_ALL = 200;

  /** No server closes connections because there are more than so few. */
  private static final int LEAST = 8;

  /** So many answers without an early close prove that a server keeps its connections. */
  private static final int PROOF = 4_096;

  private int proven = KEPT_BY_ALL;
  private int answers;

  /** Whether connections must be left idle before they are reused, with so many open. */
  boolean areExpected(int open) {
    return open > proven;
  }

  /** An answer is complete, and its connection is kept. */
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
