package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a pipeline handles nothing though there is work, for whatever reason, and says what
 * it waits for: a worker that stands still must not look well. Belongs to the pipeline's loop, but
 * for {@link #problem()} and {@link #nanos()}.
 */
final class StallDetector {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** How often it is looked for: what is told by seconds needs no finer look. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /**
   * Longer than any step may take between two entries: two tries to reach Redis, of 10 s each by
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

  /** An entry was taken in, or its handling ended. */
  void moved() {
    moved = true;
  }

  /**
   * Looks once.
   *
   * @param isRight whether nothing has to move
   * @param waitsFor what there is to do, and what fails
   */
  void look(boolean isRight, Supplier<String> waitsFor) {
    long now = nanoTime.getAsLong();
    if (moved || isRight) {
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
      boolean news = reason == null;
      reason = waitsFor.get();
      if (news) {
        LOG.atWarn()
            .addKeyValue("loop", loop)
            .addKeyValue("seconds", Duration.ofNanos(standing).toSeconds())
            .addKeyValue("waits_for", reason)
            .log("nothing is handled though there are entries to handle");
      }
    }
  }

  /** For how long nothing was handled though there was work, in nanoseconds; 0 when all is well. */
  long nanos() {
    return standing;
  }

  /** What the pipeline waits for when it has stood still for too long. Safe for any thread. */
  Optional<String> problem() {
    return Optional.ofNullable(reason).map(it -> "nothing is handled: " + it);
  }
}
