package io.streamfleet.redis;

import io.lettuce.core.RedisReadOnlyException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Decides when to disconnect from a server that has become a replica. It keeps its connections and
 * refuses writes, while its host name may lead to the new master by now. Without Sentinel nobody
 * else tells the client (a managed failover behind one name). Thread-safe.
 */
final class Demotion {

  /**
   * Between two disconnects. The name may still lead to the same server; the longest delay between
   * two connects is the same.
   */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final AtomicLong next;

  Demotion(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /** Whether to disconnect because of this failure; true only for the first of several in a row. */
  boolean isReasonToLeave(Throwable failure) {
    if (!(failure instanceof RedisReadOnlyException)) {
      return false;
    }
    long now = nanoTime.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + MIN_INTERVAL.toNanos());
  }
}
