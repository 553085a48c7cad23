package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
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

  /** Looks once. */
  void look(PipelineContext pipeline) {
    long now = nanoTime.getAsLong();
    if (moved || isRight(pipeline)) {
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
      reason = waitsFor(pipeline);
      if (news) {
        LOG.atWarn()
            .addKeyValue("loop", loop)
            .addKeyValue("seconds", Duration.ofNanos(standing).toSeconds())
            .addKeyValue("waits_for", reason)
            .log("nothing is handled though there are entries to handle");
      }
    }
  }

  /**
   * Whether nothing has to move: handlers are at work or unavailable, or there is nothing to do
   * yet.
   */
  private static boolean isRight(PipelineContext pipeline) {
    return pipeline.dispatcher().running() > 0
        || pipeline.gate().isShut()
        || pipeline.settlement().waitsForRetries()
        || pipeline.intakes().stream().allMatch(intake -> isIdle(intake, pipeline.intakeSwitch()));
  }

  /**
   * Whether a stream has nothing to be done but to wait for what is new, and that is asked for; or
   * nothing at all, until the pause ends.
   */
  private static boolean isIdle(StreamIntake intake, IntakeSwitch intakeSwitch) {
    return intake.pending().size() == 0
        && (!intakeSwitch.isOpen()
            || (intake.parts().source().reading() && !intake.pending().hasWaiting()));
  }

  /** What there is to do, and what fails. */
  private static String waitsFor(PipelineContext pipeline) {
    return pipeline.intakes().stream().map(StallDetector::state).collect(Collectors.joining("; "))
        + pipeline.failing().any().map(failure -> "; " + failure).orElse("");
  }

  private static String state(StreamIntake intake) {
    return "%s: %d in flight, %d to be fetched, %d parked, %s"
        .formatted(
            intake.stream().stream(),
            intake.pending().size(),
            intake.pending().waitingCount(),
            intake.pending().parked().size(),
            intake.recovery().underWay()
                ? "group to be created again"
                : intake.parts().source().reading() ? "reading" : "not reading");
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
