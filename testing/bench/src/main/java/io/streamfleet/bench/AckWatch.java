package io.streamfleet.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Observes from outside, for any kind of consumer, when entries are acknowledged. Each poll is one
 * small script that returns the acknowledged ids and the time of Redis's own clock. So an
 * acknowledgement is never seen before it was made, and at most one interval and one round trip
 * later: about a millisecond on a machine that is not saturated.
 *
 * <p>It does not poll while no entry is watched. While the oldest {@value #MAX_POLLED} entries are
 * unacknowledged, younger ones are not polled; by then they are later than the polling error.
 */
final class AckWatch implements AutoCloseable {

  /** A poll costs Redis about 20 us, so polling takes at most a few percent of its time. */
  private static final Duration POLL_INTERVAL = Duration.ofNanos(500_000);

  /**
   * Keeps a poll short. At one sample every 5 ms the oldest has then waited for a third of a
   * second.
   */
  private static final int MAX_POLLED = 64;

  /** A thousandth is far below the polling error. */
  private static final int DIGITS = 3;

  private final Settled settled;
  private final Thread watcher;

  /** Guarded by itself: ids, oldest first, and when each should have been added. */
  private final Map<String, Long> watched = new LinkedHashMap<>();

  private final Histogram micros = new Histogram(DIGITS);
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  AckWatch(String url, String stream, String group) {
    settled = new Settled(url, stream, group);
    watcher = Thread.ofPlatform().name("ack-watch").daemon().start(this::watch);
  }

  /**
   * Watches an entry from now on. Safe for any thread.
   *
   * @param intended when it should have been added, in microseconds since the epoch
   */
  void added(String id, long intended) {
    synchronized (watched) {
      watched.put(id, intended);
    }
    LockSupport.unpark(watcher);
  }

  private void watch() {
    try {
      while (!closed) {
        List<String> ids = oldest();
        if (ids.isEmpty()) {
          LockSupport.park(this);
        } else {
          take(settled.of(ids));
          LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private List<String> oldest() {
    synchronized (watched) {
      return watched.keySet().stream().limit(MAX_POLLED).toList();
    }
  }

  private void take(Settled.Answer answer) {
    synchronized (watched) {
      for (String id : answer.ids()) {
        Long intended = watched.remove(id);
        if (intended != null) {
          micros.recordValue(Math.max(0, answer.micros() - intended));
        }
      }
    }
  }

  /** The number of watched entries not yet seen acknowledged. */
  int open() {
    RuntimeException broken = failure;
    if (broken != null) {
      throw new IllegalStateException("the watch of acknowledgements has ended", broken);
    }
    synchronized (watched) {
      return watched.size();
    }
  }

  /** The delays of the entries seen acknowledged so far. */
  Histogram micros() {
    synchronized (watched) {
      return micros.copy();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watcher);
    try {
      // The last poll is answered within this time unless Redis is down.
      watcher.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    settled.close();
  }
}
