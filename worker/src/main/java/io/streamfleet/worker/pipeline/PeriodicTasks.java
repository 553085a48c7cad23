package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The periodic tasks of a pipeline: renewal and checks. Belongs to the pipeline's loop. */
final class PeriodicTasks {

  private final EventLoop loop;
  private final EntryPath path;
  private final WorkToDo work;
  private final StallDetector standstill;
  private final LongestCall longest;
  private Duration betweenRenewals;
  private EventLoop.@Nullable Timer nextRenewal;

  PeriodicTasks(Shared shared, EntryPath path, StallDetector standstill, LongestCall longest) {
    this.loop = shared.loop();
    this.path = path;
    this.work = new WorkToDo(shared, path);
    this.standstill = standstill;
    this.longest = longest;
    this.betweenRenewals = betweenRenewals(shared.inForce().renewedWithin());
  }

  /** A third, so that two renewals may fail before others claim the entries. */
  private static Duration betweenRenewals(Duration minIdle) {
    return minIdle.dividedBy(3);
  }

  void start() {
    renewLater();
    look();
  }

  /** If the time changes, renews at once, since the planned renewal may be too late for it. */
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
    standstill.look(work.isNone(), work::text);
    longest.look(path);
    loop.after(StallDetector.INTERVAL, this::look);
  }

  private void renewLater() {
    nextRenewal = loop.after(betweenRenewals, this::renew);
  }

  private void renew() {
    path.intakes().forEach(StreamIntake::renewAll);
    renewLater();
  }
}
