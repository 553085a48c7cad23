package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.ServerFailure;
import io.streamfleet.torture.evidence.Incident;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sees when another Redis takes over though nobody has ordered that: on a machine that is busy
 * enough a master does not answer in time. What the old one had not passed on is forgotten then, as
 * in a failover that was ordered.
 */
final class TakeoverWatch implements AutoCloseable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** A master that is given up has not answered for a second, and passed nothing on for longer. */
  private static final Duration BEFORE = Duration.ofSeconds(3);

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
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
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
              seen - BEFORE.toNanos(),
              "another Redis is the master");
        }
        masters = found;
        seen = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The masters; none while the servers do not agree, which they will. */
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
