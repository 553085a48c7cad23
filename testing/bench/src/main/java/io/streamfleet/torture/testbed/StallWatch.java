package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.Incident;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Detects when the machine delays our own threads: then workers may have been delayed as well, an
 * unplanned fault.
 */
final class StallWatch implements AutoCloseable {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  /** A busy machine delays threads by tens of milliseconds; locks have a margin of 200. */
  private static final Duration STALL_THRESHOLD = Duration.ofMillis(150);

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
        TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL.toMillis());
        long now = journal.now();
        if (now - last > STALL_THRESHOLD.toNanos()) {
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
