package io.streamfleet.worker.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fails the exchange on a connection when it times out. One timer serves many exchanges: if it
 * fires for an earlier exchange that has ended, it is set again for the current one. Belongs to an
 * event loop.
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

  /** The connection carries no exchange any more. */
  void end() {
    exchange = null;
  }

  private void set(long now, long left, EventExecutor loop) {
    wakesAt = now + left;
    timer = loop.schedule(() -> check(loop), left, TimeUnit.NANOSECONDS);
  }

  private void check(EventExecutor loop) {
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
      current.fail(new Exchange.TimedOut(), null);
    }
  }
}
