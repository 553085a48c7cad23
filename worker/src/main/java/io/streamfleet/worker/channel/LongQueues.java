package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;

/**
 * Parks all but the next entries of lanes whose entries wait for long, while other lanes need their
 * credits: lanes whose handler hangs, or that get more than they can handle. Belongs to the
 * pipeline's loop.
 */
final class LongQueues {

  /** Between two checks; other lanes wait so much longer for credits. */
  private static final Duration TICK = Duration.ofMillis(10);

  /** Entries that start sooner are not worth a second fetch; about fifty times what one takes. */
  private static final long SOON_NANOS = Duration.ofMillis(25).toNanos();

  /** The entry that runs, and the next one. */
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

  /** Called at the end of each turn of the loop: checks lanes while credits are scarce. */
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
