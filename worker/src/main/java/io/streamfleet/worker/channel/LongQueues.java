package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;

/**
 * Lanes whose entries wait for long while others want their room in flight: one that hangs, or gets
 * more than it can handle. All but their next entries are parked. Belongs to the pipeline's loop.
 */
final class LongQueues {

  /** Others wait that much longer at the most for room that a lane has no use for. */
  private static final Duration TICK = Duration.ofMillis(10);

  /** What begins sooner need not be fetched once more: some fifty times what a fetch takes. */
  private static final long SOON_NANOS = Duration.ofMillis(25).toNanos();

  /** The one that is handled, and the next. */
  private static final int KEPT = 2;

  private final EventLoop loop;
  private final OpenLanes open;
  private final ParkedEntries parkedEntries;
  private final LaneWork work;
  private boolean ticking;

  LongQueues(EventLoop loop, OpenLanes open, ParkedEntries parkedEntries, LaneWork work) {
    this.loop = loop;
    this.open = open;
    this.parkedEntries = parkedEntries;
    this.work = work;
  }

  /** Called at the end of each turn of the loop: room is looked after while others want it. */
  void turn() {
    if (!ticking && work.roomIsScarce()) {
      ticking = true;
      loop.after(TICK, this::tick);
    }
  }

  private void tick() {
    ticking = false;
    if (work.roomIsScarce()) {
      long now = loop.now();
      for (Lane lane : open.all()) {
        if (isLong(lane, now)) {
          List<Entry> behind = lane.takeNewest(KEPT, entry -> work.fresh(entry, now));
          parkedEntries.parkAll(lane, behind);
        }
      }
    }
  }

  private static boolean isLong(Lane lane, long now) {
    return lane.state == LaneState.HELD
        && !lane.checking
        && lane.inFlight() > KEPT
        && lane.waitsFor(now) > SOON_NANOS;
  }
}
