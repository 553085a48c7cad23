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
 * Step 3: entries of a channel run one at a time, in stream order; channels run side by side. A
 * lane lives as long as it has work, and a moment longer with its lock. Belongs to the pipeline's
 * loop.
 *
 * <p>Here entries get on and off their lanes; what a lane does with them is in {@link
 * LaneTransitions}, how it comes by its lock in {@link LockAcquisition}.
 */
public final class Lanes implements DispatchOrder {

  private final EventLoop loop;
  private final LockKeys keys;
  private final LaneWork work;
  private final OpenLanes open = new OpenLanes();
  private final ParkedEntries parkedEntries;
  private final LaneTransitions steps;
  private final LongQueues longQueues;
  private final LockRenewal watch;
  private final HandOverQueue transfers;
  private final RefusedLocks refusedLocks;
  private final LockAcquisition acquisition;

  /**
   * @param keys which lock an entry takes
   * @param consumer who we are, among the holders of locks
   * @param gate whether anything may start
   * @param ttl after which a lock expires that is not renewed
   */
  public Lanes(
      EventLoop loop,
      LockKeys keys,
      ChannelLocks locks,
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
    watch = new LockRenewal(loop, locks, ttl, open, lockBackoff);
    transfers = new HandOverQueue(open, parkedEntries, work, lockBackoff);
    acquisition =
        new LockAcquisition(
            loop, locks, consumer, open, watch, transfers, lockBackoff, refusedLocks);
    steps =
        new LaneTransitions(
            loop,
            open,
            parkedEntries,
            refusedLocks,
            acquisition,
            watch,
            gate,
            work,
            report,
            random);
  }

  /** Begins the periodic work on locks. */
  public void start() {
    watch.start(steps);
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
      // Not at its turn only: until then it would take up credit.
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
    // What was taken back from its thread is not the lane's any more.
    if (lane.running.remove(entry)) {
      lane.handled++;
      steps.next(lane);
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
    watch.confirm(
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
      lane.handled++;
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

  /** Nothing may start any more but probes: locks that are not needed are given up. */
  public void hold() {
    steps.held().holdAll(steps::next);
  }

  /** Everything may start again. */
  public void letGo() {
    steps.held().letGo(steps::wantAgain);
  }

  /** The entries that wait for everything to start again. */
  public List<Entry> held() {
    return steps.held().entries();
  }

  /**
   * What was left of a stream is looked for: all of it comes before anything new, the oldest first.
   */
  public void lookBegins(StreamConsumer stream) {
    for (Lane lane : open.all()) {
      if (lane.refills) {
        lane.left.remove(stream);
        lane.refills = !lane.left.isEmpty();
      }
    }
  }

  /** What can be a probe. */
  public List<Candidate> candidates() {
    return steps.held().candidates(steps::wantAgain);
  }

  /** The probe is over, or did not come about. */
  public void probed() {
    steps.held().probed(steps::next);
  }

  /** The entries of a channel that are parked. */
  public List<ParkedEntry> parked(String channel) {
    return open.all().stream()
        .filter(lane -> lane.channel.equals(channel))
        .flatMap(lane -> lane.parked.stream())
        .toList();
  }

  /** Whether parked entries could not be fetched for want of room, and are to be soon. */
  boolean wantRoom() {
    return parkedEntries.wantRoom();
  }

  /** How many entries are parked in lanes. May be asked from anywhere. */
  public int parkedCount() {
    return parkedEntries.count();
  }

  /** How many lanes stand still because Redis refuses their lock's key. From anywhere. */
  public int refusedCount() {
    return refusedLocks.count();
  }

  /** How many lanes there are. May be asked from anywhere, and is then about right. */
  public int size() {
    return open.size();
  }

  /** Starts nothing any more; what runs goes on, and keeps its locks for as long. */
  public void drain() {
    steps.drain();
  }

  /** Gives up all locks; completes when Redis has answered. */
  public CompletableFuture<Void> releaseAll() {
    return acquisition.releaseAll();
  }
}
