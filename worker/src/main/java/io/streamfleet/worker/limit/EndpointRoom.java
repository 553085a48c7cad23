package io.streamfleet.worker.limit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many messages this worker has with one endpoint at once, counted for all pipelines whose
 * handlers have that endpoint. Safe for any thread.
 */
public final class EndpointRoom {

  private final AtomicInteger inside = new AtomicInteger();
  private final List<Runnable> waiting = new CopyOnWriteArrayList<>();

  /** Who is told, on any thread, when there is room where there was none. */
  void tell(Runnable user) {
    waiting.add(user);
  }

  /** Takes up to so many of the places that are free of so many; tells how many it took. */
  int enter(int wanted, int places) {
    while (true) {
      int seen = inside.get();
      int taken = Math.max(0, Math.min(wanted, places - seen));
      if (taken == 0 || inside.compareAndSet(seen, seen + taken)) {
        return taken;
      }
    }
  }

  void leave(int count) {
    if (count > 0) {
      inside.addAndGet(-count);
      waiting.forEach(Runnable::run);
    }
  }
}
