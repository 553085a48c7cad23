package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that a pipeline handles nothing though it has work, for whatever reason, and reports what
 * it waits for: a stalled worker must not seem healthy. Belongs to the pipeline's loop, except for
 * {@link #problem()} and {@link #nanos()}.
 */
final class StallDetector {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** Between two checks: short beside {@link #LIMIT}. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /**
   * Longer than any step between two entries: two calls to Redis that time out take 10 s each by
   * default.
   */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final String loop;
  private final LongSupplier nanoTime;
  private boolean moved = true;
  private long lastMove;
  private volatile long standing;
  private volatile @Nullable String reason;

  StallDetector(String loop, LongSupplier nanoTime) {
    this.loop = loop;
    this.nanoTime = nanoTime;
  }

  /** An entry arrived, or its handler has ended. */
  void moved() {
    moved = true;
  }

  /**
   * Checks for a stall.
   *
   * @param isIdle whether there is nothing to do
   * @param waitsFor describes what there is to do, and what fails
   */
  void look(boolean isIdle, Supplier<String> waitsFor) {
    long now = nanoTime.getAsLong();
    if (moved || isIdle) {
      moved = false;
      lastMove = now;
      standing = 0;
      if (reason != null) {
        reason = null;
        LOG.atInfo().addKeyValue("loop", loop).log("entries are handled again");
      }
      return;
    }
    standing = now - lastMove;
    if (standing >= LIMIT.toNanos()) {
      boolean isFirst = reason == null;
      reason = waitsFor.get();
      if (isFirst) {
        LOG.atWarn()
            .addKeyValue("loop", loop)
            .addKeyValue("seconds", Duration.ofNanos(standing).toSeconds())
            .addKeyValue("waits_for", reason)
            .log("nothing is handled though there are entries to handle");
      }
    }
  }

  /** How long nothing was handled despite work, in nanoseconds; 0 without a stall. Thread-safe. */
  long nanos() {
    return standing;
  }

  /** What the pipeline waits for if it is stalled for too long. Thread-safe. */
  Optional<String> problem() {
    return Optional.ofNullable(reason).map(it -> "nothing is handled: " + it);
  }
}
