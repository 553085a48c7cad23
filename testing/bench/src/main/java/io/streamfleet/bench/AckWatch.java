package io.streamfleet.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Watches from outside, whoever the consumer is, when entries are acknowledged. One small script a
 * look tells which are, and the time by Redis's own clock; an acknowledgement is therefore never
 * seen before it was made, and later by one interval and one round trip at the most: about a
 * millisecond on a machine that is not full.
 *
 * <p>Nothing is looked at while nothing is watched. While the oldest {@value #MOST} are not
 * acknowledged younger ones are not looked at; by then they are later than anybody's looks.
 */
final class AckWatch implements AutoCloseable {

  /** A look costs Redis some 20 us, so this is a few hundredths of its time at the most. */
  private static final Duration LOOK_EVERY = Duration.ofNanos(500_000);

  /**
   * Keeps a look short. At a sample each 5 ms the oldest has then waited for a third of a second.
   */
  private static final int MOST = 64;

  /** A thousandth is far below what looks blur. */
  private static final int DIGITS = 3;

  private final Settled settled;
  private final Thread watcher;

  /** Guarded by itself: ids, oldest first, and when they were meant to be added. */
  private final Map<String, Long> watched = new LinkedHashMap<>();

  private final Histogram micros = new Histogram(DIGITS);
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  AckWatch(String url, String stream, String group) {
    settled = new Settled(url, stream, group);
    watcher = Thread.ofPlatform().name("ack-watch").daemon().start(this::watch);
  }

  /**
   * Watches an entry from now on. For any thread.
   *
   * @param intended when it was meant to be added, in microseconds of the epoch
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
          LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private List<String> oldest() {
    synchronized (watched) {
      return watched.keySet().stream().limit(MOST).toList();
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

  /** How many are watched and not yet seen acknowledged. */
  int open() {
    RuntimeException broken = failure;
    if (broken != null) {
      throw new IllegalStateException("the watch of acknowledgements has ended", broken);
    }
    synchronized (watched) {
      return watched.size();
    }
  }

  /** How late those were that were seen until now. */
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
      // Its last look is answered within this, or Redis is gone.
      watcher.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    settled.close();
  }
}
