package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The lanes: entries of a channel run one at a time in stream order, channels run concurrently. A
 * lane exists while it has work, and for a moment longer with its lock. Belongs to the pipeline's
 * loop.
 *
 * <p>This class adds entries to lanes and removes them. {@link LaneTransitions} decides what a lane
 * does next, {@link LockAcquisition} gets its lock.
 */
public final class Lanes implements DispatchOrder {

  private final EventLoop loop;
  private final LockKeys keys;
  private final LaneWork work;
  private final OpenLanes open = new OpenLanes();
  private final ParkedEntries parkedEntries;
  private final LaneTransitions steps;
  private final LongQueues longQueues;
  private final LockRenewal renewal;
  private final HandOverQueue transfers;
  private final RefusedLocks refusedLocks;
  private final LockAcquisition acquisition;

  /**
   * @param keys the lock of an entry
   * @param consumer this worker's consumer name
   * @param gate whether entries may start
   * @param ttl the time after which a lock expires that is not renewed
   */
  public Lanes(
      EventLoop loop,
      LockKeys keys,
      LaneLocks locks,
      String consumer,
      Duration ttl,
      Gate gate,
      LaneWork work,
      LockReport report,
      RandomGenerator random) {
    this.loop = loop;
    this.keys = keys;
    this.work = work;
    LockBackoff lockBackoff = new LockBackoff(loop, report, random);
    parkedEntries = new ParkedEntries(loop, work);
    longQueues = new LongQueues(loop, open, parkedEntries, work);
    refusedLocks = new RefusedLocks(report, random);
    renewal = new LockRenewal(loop, locks, ttl, open, lockBackoff);
    transfers = new HandOverQueue(open, parkedEntries, work, lockBackoff);
    acquisition =
        new LockAcquisition(
            loop, locks, consumer, open, renewal, transfers, lockBackoff, refusedLocks);
    steps =
        new LaneTransitions(
            loop,
            open,
            parkedEntries,
            refusedLocks,
            acquisition,
            renewal,
            gate,
            work,
            report,
            random);
  }

  /** Starts the periodic renewal of locks. */
  public void start() {
    renewal.start(steps);
  }

  /** Called at the end of each turn of the loop. */
  public void turn() {
    acquisition.turn(steps);
    transfers.turn(steps);
    longQueues.turn();
  }

  @Override
  public void offer(Entry entry) {
    loop.assertOwned();
    String group = keys.groupOf(entry);
    Lane lane = open.ofGroup(group);
    if (lane == null) {
      lane = new Lane(group, entry.channel(), keys.keyOf(entry), this, loop.now());
      open.add(lane);
      lane.add(entry);
      steps.wantAgain(lane);
      return;
    }
    if (lane.isBehindLeft(entry) || lane.isBehindParked(entry)) {
      // At once, since it would use a credit until its turn comes.
      entry.lease(lane);
      parkedEntries.parkOrLeave(lane, entry);
      return;
    }
    lane.add(entry);
    if (lane.state == LaneState.HELD) {
      steps.next(lane);
    } else if (lane.state == LaneState.PARKED) {
      parkedEntries.park(lane);
    }
  }

  @Override
  public void done(Entry entry) {
    loop.assertOwned();
    Lane lane = lane(entry);
    // An entry that was withdrawn from its thread is parked, and not in the lane any more.
    if (lane.running.remove(entry)) {
      steps.next(lane);
    } else {
      release(entry);
    }
  }

  @Override
  public void putBack(Entry entry) {
    Lane lane = ended(entry);
    entry.rearm();
    lane.add(entry);
    steps.next(lane);
  }

  @Override
  public void waitFor(Entry entry) {
    Lane lane = ended(entry);
    lane.retrying = entry;
  }

  @Override
  public Rest rest(Entry entry) {
    Lane lane = ended(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
    }
    parkedEntries.rest(lane, entry);
    return new LaneRest(lane, parkedEntries, steps);
  }

  @Override
  public void recheck(Entry entry, Consumer<Boolean> then) {
    Lane lane = ended(entry);
    lane.retrying = entry;
    renewal.confirm(
        lane,
        steps,
        held -> {
          if (held) {
            work.confirm(List.of(entry), () -> then.accept(true));
          } else {
            then.accept(false);
            resume(entry);
          }
        });
  }

  @Override
  public void resume(Entry entry) {
    loop.assertOwned();
    Lane lane = lane(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
      entry.rearm();
      lane.addDue(entry);
      steps.next(lane);
    }
  }

  @Override
  public void release(Entry entry) {
    Lane lane = lane(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
      steps.next(lane);
    }
  }

  @Override
  public boolean remove(Entry entry) {
    Lane lane = lane(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
      steps.next(lane);
      return true;
    }
    return lane.remove(entry);
  }

  @Override
  public boolean holds(Entry entry) {
    return entry.lease() instanceof Lane lane && lane.holds(entry);
  }

  @Override
  public void abandon(Entry entry) {
    if (entry.lease() instanceof Lane lane) {
      lane.running.remove(entry);
      lane.remove(entry);
      if (lane.retrying == entry) {
        lane.retrying = null;
      }
      steps.next(lane);
    }
  }

  @Override
  public boolean surelyAlone(Entry entry, long at) {
    return lane(entry).surelyLocked(at);
  }

  private static Lane lane(Entry entry) {
    return (Lane) entry.lease();
  }

  private static Lane ended(Entry entry) {
    Lane lane = lane(entry);
    lane.running.remove(entry);
    return lane;
  }

  /** The gate was closed: only probes may start, and locks that are not needed are released. */
  public void hold() {
    steps.held().holdAll(steps::next);
  }

  /** The gate was opened: everything may start again. */
  public void letGo() {
    steps.held().letGo(steps::wantAgain);
  }

  /** The entries that wait for the gate to open. */
  public List<Entry> held() {
    return steps.held().entries();
  }

  /**
   * A search for entries that were left out starts: they arrive before new entries, the oldest
   * first.
   */
  public void lookBegins(StreamConsumer stream) {
    for (Lane lane : open.all()) {
      if (lane.refills) {
        lane.left.remove(stream);
        lane.refills = !lane.left.isEmpty();
      }
    }
  }

  /** The entries that can be a probe. */
  public List<Candidate> candidates() {
    return steps.held().candidates(steps::wantAgain);
  }

  /** The probe has ended, or was not started. */
  public void probed() {
    steps.held().probed(steps::next);
  }

  /** The parked entries of a channel. */
  public List<ParkedEntry> parked(String channel) {
    return open.all().stream()
        .filter(lane -> lane.channel.equals(channel))
        .flatMap(lane -> lane.parked.stream())
        .toList();
  }

  /** Whether parked entries wait for room to be fetched. */
  boolean wantRoom() {
    return parkedEntries.wantRoom();
  }

  /** How many entries are parked in lanes. Thread-safe. */
  public int parkedCount() {
    return parkedEntries.count();
  }

  /** How many lanes are stopped because Redis refuses the key of their lock. Thread-safe. */
  public int refusedCount() {
    return refusedLocks.count();
  }

  /** The number of lanes; approximate on other threads. */
  public int size() {
    return open.size();
  }

  /** Starts no more entries. Lanes whose handlers run keep their locks until these have ended. */
  public void drain() {
    steps.drain();
  }

  /** Releases all locks; completes when Redis has answered. */
  public CompletableFuture<Void> releaseAll() {
    return acquisition.releaseAll();
  }
}
