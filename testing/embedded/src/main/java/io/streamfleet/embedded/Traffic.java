package io.streamfleet.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Decides which data may pass a {@link FaultyLink} now. */
final class Traffic {

  /** The two directions of a link. */
  enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean requestsStalled;
  private boolean repliesStalled;
  private Duration delay = Duration.ZERO;

  void stall(boolean requests, boolean replies) {
    change(
        () -> {
          requestsStalled = requests;
          repliesStalled = replies;
        });
  }

  void delay(Duration each) {
    change(() -> delay = each);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when data that arrived at this time (of the nano clock) may be delivered. */
  void awaitPassage(Way way, long arrivedNanos) throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long left = arrivedNanos + delay.toNanos() - System.nanoTime();
        if (way == Way.TO_SERVER ? requestsStalled : repliesStalled) {
          changed.await();
        } else if (left > 0) {
          changed.await(left, TimeUnit.NANOSECONDS);
        } else {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
