package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a pipeline does again and again as long as it runs. Belongs to the pipeline's loop. */
final class PeriodicTasks {

  private final PipelineContext pipeline;
  private final StallDetector standstill;
  private final LongestCall longest;
  private Duration betweenRenewals;
  private EventLoop.@Nullable Timer nextRenewal;

  /**
   * @param minIdle what is renewed less often may be claimed
   */
  PeriodicTasks(
      PipelineContext pipeline, Duration minIdle, StallDetector standstill, LongestCall longest) {
    this.pipeline = pipeline;
    this.standstill = standstill;
    this.longest = longest;
    this.betweenRenewals = betweenRenewals(minIdle);
  }

  /** Twice it may be late, or fail, before others may claim. */
  private static Duration betweenRenewals(Duration minIdle) {
    return minIdle.dividedBy(3);
  }

  void start() {
    renewLater();
    look();
  }

  /** By another time everything is renewed at once: the planned renewal may be late for it. */
  void minIdle(Duration minIdle) {
    Duration wanted = betweenRenewals(minIdle);
    EventLoop.Timer planned = nextRenewal;
    boolean isOther = !wanted.equals(betweenRenewals);
    betweenRenewals = wanted;
    if (isOther && planned != null) {
      planned.cancel();
      renew();
    }
  }

  private void look() {
    standstill.look(pipeline);
    longest.look(pipeline);
    pipeline.loop().after(StallDetector.INTERVAL, this::look);
  }

  private void renewLater() {
    nextRenewal = pipeline.loop().after(betweenRenewals, this::renew);
  }

  private void renew() {
    pipeline.intakes().forEach(StreamIntake::renewAll);
    renewLater();
  }
}
