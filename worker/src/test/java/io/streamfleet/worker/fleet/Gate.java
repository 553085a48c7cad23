package io.streamfleet.worker.fleet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds handlers up until a test opens it. */
public final class Gate {

  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger reached = new AtomicInteger();
  private final AtomicInteger interrupted = new AtomicInteger();

  /** Waits until the gate is open. */
  public void pass() throws InterruptedException {
    reached.incrementAndGet();
    try {
      open.await();
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      throw e;
    }
  }

  public void open() {
    open.countDown();
  }

  /** How many came to the gate so far. */
  public int reached() {
    return reached.get();
  }

  /** How many were interrupted before it opened. */
  public int interrupted() {
    return interrupted.get();
  }
}
