package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The transitions of lanes: a lane starts entries while it holds its lock, releases the lock for a
 * moment when its turn is over, keeps it for a moment without work, waits for another holder, and
 * closes. Belongs to the pipeline's loop.
 */
final class LaneTransitions implements LockEvents {

  /** Entries that are run in one go: the handler's thread goes on without the loop so long. */
  private static final int RUN_ENTRIES = 100;

  /**
   * How long a lane keeps its lock without work: under load the next entry of the channel arrives
   * with the next read, and needs no new lock.
   */
  private static final long LINGER_NANOS = Duration.ofMillis(20).toNanos();

  /** A search for entries that were left out, and their fetch, takes less. */
  private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);

  /**
   * Between two attempts to get the lock of a foreign holder, which sends no notice when it
   * releases it.
   */
  private static final Backoff POLL = new Backoff(Duration.ofMillis(40), Duration.ofMillis(250));

  private final EventLoop loop;
  private final OpenLanes open;
  private final ParkedEntries parkedEntries;
  private final RefusedLocks refusedLocks;
  private final LockAcquisition acquisition;
  private final LockRenewal renewal;
  private final HeldLanes held;
  private final LaneWork work;
  private final LockReport report;
  private final Turns turns;
  private final RandomGenerator random;
  private final ArrayDeque<Lane> lingering = new ArrayDeque<>();
  private boolean lingerTimer;
  private boolean draining;

  LaneTransitions(
      EventLoop loop,
      OpenLanes open,
      ParkedEntries parkedEntries,
      RefusedLocks refusedLocks,
      LockAcquisition acquisition,
      LockRenewal renewal,
      Gate gate,
      LaneWork work,
      LockReport report,
      RandomGenerator random) {
    this.loop = loop;
    this.open = open;
    this.parkedEntries = parkedEntries;
    this.refusedLocks = refusedLocks;
    this.acquisition = acquisition;
    this.renewal = renewal;
    this.held = new HeldLanes(gate, open, work, loop::now, acquisition::giveUp);
    this.work = work;
    this.report = report;
    this.turns = new Turns(random, acquisition.locksAreShared());
    this.random = random;
  }

  /** Takes the next step of a lane, if it can take one now. */
  void next(Lane lane) {
    if (!lane.free()) {
      return;
    }
    if (lane.state != LaneState.HELD) {
      // Its lock was lost while an entry was running or waiting, which has ended now.
      if (lane.state == LaneState.WANTS_LOCK) {
        wantOrClose(lane);
      }
      return;
    }
    if (draining) {
      // Other workers can use the lock.
      close(lane);
      return;
    }
    long now = loop.now();
    parkedEntries.refill(lane);
    if (!lane.hasWork() && !lane.left.isEmpty()) {
      awaitLeft(lane);
    } else if (!lane.hasWork()) {
      lane.isDue = false;
      linger(lane, now);
    } else if (held.holds(lane)) {
      return;
    } else if (turns.isOver(lane, now) && !lane.hasDue()) {
      // Not while a retry is due: the next holder of the lock would overtake the failed entry.
      rest(lane, now);
    } else if (!lane.surelyLocked(now)) {
      renewal.confirm(lane, this, held -> next(lane));
    } else {
      Entry head = lane.head();
      if (head != null && !lane.isBehindParked(head)) {
        start(lane, head, now);
      } else {
        parkedEntries.fetch(lane, lane.fetchSize.next(now, RUN_ENTRIES), () -> next(lane));
      }
    }
  }

  /** Keeps the lock until the entries that were left out are found, or are not there any more. */
  private void awaitLeft(Lane lane) {
    if (!lane.awaitsLeft) {
      lane.awaitsLeft = true;
      loop.after(
          LOOK_PAUSE,
          () -> {
            lane.awaitsLeft = false;
            next(lane);
          });
    }
  }

  private void start(Lane lane, Entry head, long now) {
    if (!work.fresh(head, now)) {
      List<Entry> stale = new ArrayList<>();
      for (Entry entry : lane.queue()) {
        if (!work.fresh(entry, now)) {
          stale.add(entry);
        }
      }
      lane.checking = true;
      work.confirm(
          stale,
          () -> {
            lane.checking = false;
            next(lane);
          });
      return;
    }
    lane.isDue = false;
    if (head.waits()) {
      lane.take(1);
      lane.retrying = head;
      work.awaitDue(head);
      return;
    }
    boolean over = turns.isOver(lane, now);
    lane.goOnUntil(turns.end(over ? now : lane.heldSince));
    if (!held.probes(lane)) {
      List<Entry> entries = lane.take(over ? 1 : RUN_ENTRIES);
      lane.running.addAll(entries);
      work.run(entries);
    }
  }

  private void linger(Lane lane, long now) {
    if (turns.isOver(lane, now)) {
      close(lane);
    } else {
      lane.idleSince = now;
      lingering.add(lane);
      if (!lingerTimer) {
        lingerTimer = true;
        loop.afterNanos(LINGER_NANOS, this::lingered);
      }
    }
  }

  /** Closes the lanes that have been without work for long enough. */
  private void lingered() {
    lingerTimer = false;
    long now = loop.now();
    Lane lane;
    while ((lane = lingering.peek()) != null) {
      boolean idle = lane.state == LaneState.HELD && lane.free() && !lane.hasWork();
      if (idle && now - lane.idleSince < LINGER_NANOS) {
        lingerTimer = true;
        loop.afterNanos(lane.idleSince + LINGER_NANOS - now, this::lingered);
        return;
      }
      lingering.poll();
      if (idle) {
        close(lane);
      }
    }
  }

  private void rest(Lane lane, long now) {
    lane.state = LaneState.RESTING;
    acquisition.giveUp(lane);
    loop.afterNanos(turns.rest(lane, now), () -> wantAgain(lane));
  }

  @Override
  public void wantAgain(Lane lane) {
    lane.state = LaneState.WANTS_LOCK;
    wantOrClose(lane);
  }

  private void wantOrClose(Lane lane) {
    if (!lane.hasWork()) {
      parkedEntries.refill(lane);
      // Closing releases a lock that was lost only by this worker's clock; another's is not
      // affected.
      close(lane);
    } else if (!held.holds(lane)) {
      lane.wantedSince = loop.now();
      acquisition.want(lane);
    }
  }

  private void close(Lane lane) {
    acquisition.giveUp(lane);
    lane.state = LaneState.CLOSED;
    refusedLocks.over(lane);
    open.remove(lane);
  }

  // --- lock events

  @Override
  public void gotLock(Lane lane, long until) {
    long now = loop.now();
    lane.state = LaneState.HELD;
    lane.locked(until);
    lane.heldSince = now;
    lane.fetchSize.restart();
    lane.polls = 0;
    StreamConsumer stream = lane.anyStream();
    if (stream != null) {
      report.lockWaited(stream, now - lane.wantedSince);
    }
    next(lane);
  }

  @Override
  public void lostLock(Lane lane) {
    if (lane.state != LaneState.HELD) {
      return;
    }
    lane.halt();
    lane.state = LaneState.WANTS_LOCK;
    lane.running.forEach(entry -> entry.interrupt(Interruption.LOCK_LOST));
    StreamConsumer stream = lane.anyStream();
    if (stream != null) {
      report.lockLost(stream);
    }
    next(lane);
  }

  @Override
  public void poll(Lane lane) {
    turns.metOther(loop.now());
    lane.polls++;
    waitBehind(lane, POLL.after(lane.polls, random));
  }

  @Override
  public void waitBehind(Lane lane, Duration pause) {
    lane.state = LaneState.PARKED;
    parkedEntries.park(lane);
    loop.after(pause, () -> askAgain(lane));
  }

  private void askAgain(Lane lane) {
    if (lane.state == LaneState.PARKED) {
      if (!lane.hasWork()) {
        wantAgain(lane);
      } else if (!held.holds(lane)) {
        acquisition.want(lane);
      }
    }
  }

  // --- the gate

  /** The lanes that the gate holds back. */
  HeldLanes held() {
    return held;
  }

  /** Starts no more entries. Lanes whose handlers run keep their locks until these have ended. */
  void drain() {
    draining = true;
    acquisition.close();
    for (Lane lane : List.copyOf(open.all())) {
      lane.halt();
      next(lane);
    }
  }
}
