package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.ServerFailure;
import io.streamfleet.torture.evidence.Incident;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Detects unplanned failovers: on a busy machine a master may not answer in time. Writes that the
 * old master had not replicated are lost then, as in a planned failover.
 */
final class TakeoverWatch implements AutoCloseable {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  /** A master that is given up has not answered for a second, and has not replicated for longer. */
  private static final Duration LOSS_WINDOW = Duration.ofSeconds(3);

  private final Journal journal;
  private final RedisPlace redis;
  private final Thread thread;

  TakeoverWatch(Journal journal, RedisPlace redis) {
    this.journal = journal;
    this.redis = redis;
    this.thread = Thread.ofPlatform().daemon().name("takeovers").start(this::watch);
  }

  private void watch() {
    try {
      Set<Integer> masters = Set.of();
      long seen = journal.now();
      while (redis.canFailOver()) {
        TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
        long now = journal.now();
        Set<Integer> found = agreed();
        if (found.isEmpty()) {
          continue;
        }
        if (!masters.isEmpty() && !found.equals(masters)) {
          redis.settle();
          journal.add(
              Incident.Kind.FAILOVER,
              Incident.ALL,
              seen - LOSS_WINDOW.toNanos(),
              "another Redis is the master");
        }
        masters = found;
        seen = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The masters; empty while the servers disagree. */
  private Set<Integer> agreed() {
    try {
      return redis.masters();
    } catch (ServerFailure e) {
      return Set.of();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
