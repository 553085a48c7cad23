package io.streamfleet.operator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;

/** The time of day, put forward now and then: nobody waits for a deadline of ten minutes. */
final class MovableClock extends Clock {

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final Clock clock = Clock.systemUTC();
  private final AtomicReference<Error> fails = new AtomicReference<>();

  void forward(Duration time) {
    ahead.updateAndGet(time::plus);
  }

  /** The next reconcile that asks gets this thrown at: a fault that nobody foresaw. */
  void failAReconcile(Error failure) {
    fails.set(failure);
  }

  boolean hasFailed() {
    return fails.get() == null;
  }

  @Override
  public Instant instant() {
    if (Thread.currentThread().getName().startsWith("ReconcilerExecutor")) {
      Error failure = fails.getAndSet(null);
      if (failure != null) {
        throw failure;
      }
    }
    return clock.instant().plus(ahead.get());
  }

  @Override
  public ZoneId getZone() {
    return clock.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("instants only");
  }
}
