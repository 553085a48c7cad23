package io.streamfleet.worker.observe;

import io.streamfleet.process.health.Check;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A loop's sign of life: it fails as a check when the loop has not turned for longer than its
 * bound. The loop's thread turns it, any thread asks.
 */
public final class Heartbeat implements Check {

  private final Duration bound;
  private final LongSupplier nanoClock;
  private final Runnable onEnd;
  private volatile long lastTurn;

  Heartbeat(Duration bound, LongSupplier nanoClock, Runnable onEnd) {
    this.bound = bound;
    this.nanoClock = nanoClock;
    this.onEnd = onEnd;
    lastTurn = nanoClock.getAsLong();
  }

  /** The loop begins another turn. Costs one reading of the clock. */
  public void turn() {
    lastTurn = nanoClock.getAsLong();
  }

  /** The loop has ended as it should, and is watched no more. */
  public void end() {
    onEnd.run();
  }

  /** Time since the last turn, or since the watch began when there was none. */
  Duration sinceLastTurn() {
    return Duration.ofNanos(Math.max(0, nanoClock.getAsLong() - lastTurn));
  }

  @Override
  public Optional<String> problem() {
    Duration age = sinceLastTurn();
    if (age.compareTo(bound) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "stuck: no turn for %d ms, its bound is %d ms".formatted(age.toMillis(), bound.toMillis()));
  }
}
