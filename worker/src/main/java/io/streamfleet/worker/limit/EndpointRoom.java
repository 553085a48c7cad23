package io.streamfleet.worker.limit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many messages this worker has in progress at one endpoint, over all pipelines whose handlers
 * have that endpoint. Thread-safe.
 */
public final class EndpointRoom {

  private final AtomicInteger inside = new AtomicInteger();
  private final List<Runnable> waiting = new CopyOnWriteArrayList<>();

  /** Adds a listener that is called, on any thread, whenever places become free. */
  void whenFree(Runnable listener) {
    waiting.add(listener);
  }

  /**
   * Takes places.
   *
   * @param wanted how many to take at most
   * @param places the limit of the endpoint
   * @return how many were taken
   */
  int enter(int wanted, int places) {
    while (true) {
      int seen = inside.get();
      int taken = Math.max(0, Math.min(wanted, places - seen));
      if (taken == 0 || inside.compareAndSet(seen, seen + taken)) {
        return taken;
      }
    }
  }

  /** Returns places. */
  void leave(int count) {
    if (count > 0) {
      inside.addAndGet(-count);
      waiting.forEach(Runnable::run);
    }
  }
}
