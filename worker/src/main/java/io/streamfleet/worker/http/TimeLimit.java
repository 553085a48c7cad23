package io.streamfleet.worker.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the exchange on a connection whose time is over. One timer serves many exchanges: it wakes
 * up for an earlier one that has long ended, and is set again for that of now. Belongs to a loop.
 */
final class TimeLimit {

  private @Nullable Exchange exchange;
  private @Nullable Future<?> timer;
  private long wakesAt;

  void begin(Exchange next, EventExecutor loop) {
    exchange = next;
    long now = System.nanoTime();
    long left = next.timeLeft(now);
    Future<?> there = timer;
    if (there != null && wakesAt - now <= left) {
      return;
    }
    if (there != null) {
      there.cancel(false);
    }
    set(now, left, loop);
  }

  /** The connection carries nothing. */
  void end() {
    exchange = null;
  }

  private void set(long now, long left, EventExecutor loop) {
    wakesAt = now + left;
    timer = loop.schedule(() -> look(loop), left, TimeUnit.NANOSECONDS);
  }

  private void look(EventExecutor loop) {
    timer = null;
    Exchange current = exchange;
    if (current == null) {
      return;
    }
    long now = System.nanoTime();
    long left = current.timeLeft(now);
    if (left > 0) {
      set(now, left, loop);
    } else {
      current.fail(new Exchange.TimeIsOver(), null);
    }
  }
}
