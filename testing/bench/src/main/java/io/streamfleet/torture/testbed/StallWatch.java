package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.Incident;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sees when the machine lets our own threads wait: then workers may have stood still as well, which
 * is a fault that nobody has ordered.
 */
final class StallWatch implements AutoCloseable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** A busy machine lets threads wait for tens of milliseconds; locks leave room for 200. */
  private static final Duration STALL = Duration.ofMillis(150);

  private final Journal journal;
  private final Thread thread;

  StallWatch(Journal journal) {
    this.journal = journal;
    this.thread = Thread.ofPlatform().daemon().name("stalls").start(this::watch);
  }

  private void watch() {
    try {
      long last = journal.now();
      while (true) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        long now = journal.now();
        if (now - last > STALL.toNanos()) {
          journal.add(Incident.Kind.STALLED, Incident.ALL, last, "this machine stood still");
        }
        last = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
