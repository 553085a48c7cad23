package io.streamfleet.worker.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A nano clock that stands still until a test moves it. */
public final class ManualClock implements LongSupplier {

  /** Near the end of the range, where a comparison instead of a difference goes wrong. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
