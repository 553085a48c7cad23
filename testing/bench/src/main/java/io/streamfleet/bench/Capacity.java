package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The sustained throughput of a contender on this machine: a publisher beside it keeps a limited
 * number of entries waiting. A lap over entries added beforehand gives more, because nothing has to
 * add them meanwhile, and so does not show what the contender can sustain.
 */
final class Capacity {

  /** Entries added at a time, as fast as Redis accepts them. */
  private static final int BURST = 5_000;

  /** The minimum number of waiting entries: more than any contender has in flight. */
  private static final int WAITING = 10_000;

  /** A rate high enough to be no limit. */
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
   * Entries per second.
   *
   * @param duration of the measurement, after a warm-up of the same length
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

  /** Adds as many entries as are consumed. */
  private final class Pump {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(2);

    private final Child child;
    private final Publisher publisher;
    private long published;
    private long acknowledged;
    private long progressAt = System.nanoTime();

    Pump(Child child, Publisher publisher) {
      this.child = child;
      this.publisher = publisher;
    }

    /** Runs until this many entries are acknowledged, or the time is over. */
    void until(long entries, Duration atMost) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      while (acknowledged < entries && System.nanoTime() - begin < atMost.toNanos()) {
        if (published - acknowledged < WAITING + BURST) {
          published = publisher.publish(Duration.ofNanos((long) (BURST / NO_LIMIT * 1e9)), true);
        } else {
          Thread.sleep(POLL_INTERVAL);
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

  /** The output file of a timing handler whose result is not needed. */
  static Path unread(Lab lab) {
    return lab.folder().resolve("capacity.hdr");
  }
}
