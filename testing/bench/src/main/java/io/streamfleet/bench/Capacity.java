package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How much a contender takes in for good, on this machine: with a publisher beside it that keeps
 * some entries waiting, but no more. A lap over entries that were there before gives more, as
 * nobody has to add them meanwhile, and says nothing about what can be held.
 */
final class Capacity {

  /** What is added at a time, as fast as Redis takes it. */
  private static final int BURST = 5_000;

  /** So many wait at the least: more than any contender has in flight. */
  private static final int WAITING = 10_000;

  /** Fast enough to be no limit. */
  private static final double NO_LIMIT = 1e7;

  private final Lab lab;
  private final Contender contender;
  private final Work work;
  private final Messages messages;

  Capacity(Lab lab, Contender contender, Work work, Messages messages) {
    this.lab = lab;
    this.contender = contender;
    this.work = work;
    this.messages = messages;
  }

  /**
   * Entries a second.
   *
   * @param duration how long it is measured, after as long to warm up
   */
  double measure(Duration duration) throws IOException, InterruptedException {
    contender.clear(lab, work.stream());
    contender.fill(lab, work.stream(), messages, 0);
    try (Child child = contender.start(lab, work, "capacity")) {
      Publisher publisher = contender.publisher(lab, work.stream(), messages, NO_LIMIT);
      Pump pump = new Pump(child, publisher);
      pump.until(1, Duration.ofDays(1));
      pump.until(Long.MAX_VALUE, duration);
      long startAt = System.nanoTime();
      long before = pump.acknowledged;
      pump.until(Long.MAX_VALUE, duration);
      double seconds = (System.nanoTime() - startAt) / 1e9;
      long taken = pump.acknowledged - before;
      child.terminate();
      return taken / seconds;
    } finally {
      contender.clear(lab, work.stream());
    }
  }

  /** Adds as much as is taken. */
  private final class Pump {

    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final Child child;
    private final Publisher publisher;
    private long published;
    private long acknowledged;
    private long progressAt = System.nanoTime();

    Pump(Child child, Publisher publisher) {
      this.child = child;
      this.publisher = publisher;
    }

    /** Goes on until so many are acknowledged, or for so long. */
    void until(long entries, Duration atMost) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      while (acknowledged < entries && System.nanoTime() - begin < atMost.toNanos()) {
        if (published - acknowledged < WAITING + BURST) {
          published = publisher.publish(Duration.ofNanos((long) (BURST / NO_LIMIT * 1e9)), true);
        } else {
          Thread.sleep(LOOK_EVERY);
        }
        long now = contender.progress(lab, work.stream()).acknowledged();
        if (now > acknowledged) {
          acknowledged = now;
          progressAt = System.nanoTime();
        }
        child.check(progressAt);
      }
    }
  }

  /** Where a handler that is timed writes, if nobody wants to know. */
  static Path unread(Lab lab) {
    return lab.folder().resolve("capacity.hdr");
  }
}
