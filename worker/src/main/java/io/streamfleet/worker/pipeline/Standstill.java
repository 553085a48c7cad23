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
final class Standstill {

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

  Standstill(String loop, LongSupplier nanoTime) {
    this.loop = loop;
    this.nanoTime = nanoTime;
  }

  /** An entry came into hand, or its handling ended. */
  void moved() {
    moved = true;
  }

  /** Looks once. */
  void look(Pipeline pipeline) {
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
  private static boolean isRight(Pipeline pipeline) {
    return pipeline.starting().running() > 0
        || pipeline.gate().isShut()
        || pipeline.settlement().waitsForRetries()
        || pipeline.flows().stream().allMatch(flow -> isIdle(flow, pipeline.intake()));
  }

  /**
   * Whether a stream has nothing to be done but to wait for what is new, and that is asked for; or
   * nothing at all, until the pause ends.
   */
  private static boolean isIdle(Flow flow, Intake intake) {
    return flow.hand().size() == 0
        && (!intake.isOpen() || (flow.parts().source().reading() && !flow.hand().hasWaiting()));
  }

  /** What there is to do, and what fails. */
  private static String waitsFor(Pipeline pipeline) {
    return pipeline.flows().stream().map(Standstill::state).collect(Collectors.joining("; "))
        + pipeline.failing().any().map(failure -> "; " + failure).orElse("");
  }

  private static String state(Flow flow) {
    return "%s: %d in flight, %d to be fetched, %d parked, %s"
        .formatted(
            flow.stream().stream(),
            flow.hand().size(),
            flow.hand().waitingCount(),
            flow.hand().parked().size(),
            flow.recovery().underWay()
                ? "group to be created again"
                : flow.parts().source().reading() ? "reading" : "not reading");
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
