package io.streamfleet.redis;

import io.lettuce.core.RedisReadOnlyException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tells when to leave a server that has become a replica. It keeps its connections and refuses all
 * that writes, while the name that led to it may lead to the new master by now: without Sentinel
 * nobody else says so (a managed failover behind one name). Safe for any thread.
 */
final class Demotion {

  /**
   * Between two departures. It may still be the same server that the name leads to, and the longest
   * wait between two connects is as long.
   */
  static final Duration PAUSE = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final AtomicLong next;

  Demotion(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /** Whether this failure is a reason to leave; of several in a row the first alone is. */
  boolean isReasonToLeave(Throwable failure) {
    if (!(failure instanceof RedisReadOnlyException)) {
      return false;
    }
    long now = nanoTime.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + PAUSE.toNanos());
  }
}
