package io.streamfleet.worker.lane;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lane.Lane.State;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Step 3: entries of a channel run one at a time, in stream order; channels run side by side. A
 * lane lives as long as it has work, and a moment longer with its lock. Belongs to the pipeline's
 * loop.
 */
public final class Lanes implements Track {

  /**
   * How many entries a lane handles before it gives its lock up for a moment: the original's
   * workers wait for the same locks by polling, and must get their turn.
   */
  private static final int TURN_ENTRIES = 100;

  /** How long a lane works before it gives its lock up for a moment; for the same reason. */
  private static final long TURN_NANOS = Duration.ofSeconds(1).toNanos();

  /**
   * A lane without work keeps its lock this long: under load the next entry of the channel comes
   * with the next read, and finds the lock taken.
   */
  private static final long LINGER_NANOS = Duration.ofMillis(20).toNanos();

  /** The rest of a lane is this part of its work: who polls meets a free lock by and by. */
  private static final int REST_PART = 10;

  /** Shorter rests than 1 ms are no chance; 150 ms covers the poll of the original's workers. */
  private static final long SHORTEST_REST_NANOS = Duration.ofMillis(1).toNanos();

  private static final long LONGEST_REST_NANOS = Duration.ofMillis(150).toNanos();

  /** Until parked entries are asked for again, when there was no room or no answer. */
  private static final Duration FETCH_PAUSE = Duration.ofMillis(100);

  private final EventLoop loop;
  private final Function<String, String> keyOf;
  private final LockDesk locks;
  private final LaneWork work;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, Lane> byKey = new HashMap<>();
  private final ArrayDeque<Lane> lingering = new ArrayDeque<>();
  private volatile int parkedCount;
  private boolean lingerTimer;
  private boolean draining;

  /**
   * @param keyOf the lock's key of a channel
   */
  public Lanes(EventLoop loop, Function<String, String> keyOf, LockDesk locks, LaneWork work) {
    this.loop = loop;
    this.keyOf = keyOf;
    this.locks = locks;
    this.work = work;
    locks.bind(this);
  }

  @Override
  public void offer(Entry entry) {
    Lane lane = lanes.get(entry.channel());
    if (lane == null) {
      lane = new Lane(entry.channel(), keyOf.apply(entry.channel()), loop.now());
      lanes.put(lane.channel, lane);
      byKey.put(lane.key, lane);
      locks.want(lane);
    }
    lane.add(entry);
    if (lane.state == State.HELD) {
      next(lane);
    } else if (lane.state == State.PARKED) {
      // Not at the next poll only: until then it would take up credit.
      park(lane);
    }
  }

  @Override
  public void done(Entry entry) {
    Lane lane = ended(entry);
    lane.handled++;
    next(lane);
  }

  @Override
  public void putBack(Entry entry) {
    Lane lane = ended(entry);
    entry.rearm();
    lane.add(entry);
    next(lane);
  }

  @Override
  public void waitFor(Entry entry) {
    Lane lane = ended(entry);
    lane.retrying = entry;
  }

  @Override
  public void recheck(Entry entry, Consumer<Boolean> then) {
    Lane lane = ended(entry);
    lane.retrying = entry;
    locks.confirm(
        lane,
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
    Lane lane = lane(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
      entry.rearm();
      lane.add(entry);
      next(lane);
    }
  }

  @Override
  public void release(Entry entry) {
    Lane lane = lane(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
      lane.handled++;
      next(lane);
    }
  }

  @Override
  public boolean remove(Entry entry) {
    Lane lane = lane(entry);
    if (lane.retrying == entry) {
      lane.retrying = null;
      next(lane);
      return true;
    }
    return lane.remove(entry);
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

  /** Finds a lane's next step, if it holds its lock and nothing is under way. */
  void next(Lane lane) {
    if (!lane.free()) {
      return;
    }
    if (lane.state != State.HELD) {
      // Its lock was lost while something was under way; now that is over.
      if (lane.state == State.WANTS_LOCK) {
        wantOrClose(lane);
      }
      return;
    }
    if (draining) {
      // Its lock is of more use to others.
      close(lane);
      return;
    }
    long now = loop.now();
    if (!lane.hasWork()) {
      linger(lane, now);
    } else if (lane.handled >= TURN_ENTRIES || now - lane.heldSince >= TURN_NANOS) {
      rest(lane, now);
    } else if (!lane.surelyLocked(now)) {
      locks.confirm(lane, held -> next(lane));
    } else {
      Entry head = lane.head();
      if (head != null && !lane.isBehindParked(head)) {
        start(lane, head, now);
      } else {
        fetchParked(lane);
      }
    }
  }

  private void start(Lane lane, Entry head, long now) {
    if (!work.fresh(head, now)) {
      List<Entry> stale = new ArrayList<>();
      for (Entry entry : lane.queued()) {
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
    List<Entry> entries = lane.take(TURN_ENTRIES - lane.handled);
    lane.running.addAll(entries);
    lane.goOnUntil(lane.heldSince + TURN_NANOS);
    work.run(entries);
  }

  private void fetchParked(Lane lane) {
    // What came later would keep the room in hand that the parked entries need, and wait for them.
    parkQueue(lane);
    int most = Math.min(TURN_ENTRIES, work.roomForParked());
    StreamName stream = lane.parked.getFirst().stream();
    List<EntryId> ids = new ArrayList<>();
    while (!lane.parked.isEmpty()
        && ids.size() < most
        && lane.parked.getFirst().stream().equals(stream)) {
      ids.add(lane.parked.removeFirst().id());
    }
    countParked(-ids.size());
    lane.checking = true;
    if (ids.isEmpty()) {
      loop.after(FETCH_PAUSE, () -> checked(lane));
      return;
    }
    work.fetchParked(
        stream,
        ids,
        here -> {
          if (here) {
            checked(lane);
          } else {
            // Before what came later, as they were.
            ids.reversed().forEach(id -> lane.parked.addFirst(new Lane.Parked(stream, id)));
            countParked(ids.size());
            loop.after(FETCH_PAUSE, () -> checked(lane));
          }
        });
  }

  private void checked(Lane lane) {
    lane.checking = false;
    next(lane);
  }

  private void linger(Lane lane, long now) {
    if (lane.handled >= TURN_ENTRIES || now - lane.heldSince >= TURN_NANOS) {
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

  private void rest(Lane lane, long now) {
    long moment =
        Math.clamp((now - lane.heldSince) / REST_PART, SHORTEST_REST_NANOS, LONGEST_REST_NANOS);
    lane.state = State.RESTING;
    locks.giveUp(lane);
    loop.afterNanos(
        moment,
        () -> {
          lane.state = State.WANTS_LOCK;
          wantOrClose(lane);
        });
  }

  private void wantOrClose(Lane lane) {
    if (lane.hasWork()) {
      lane.wantedSince = loop.now();
      locks.want(lane);
    } else {
      // A lock that was lost by our own clock only is still there; another's is left alone.
      close(lane);
    }
  }

  private void close(Lane lane) {
    locks.giveUp(lane);
    forget(lane);
  }

  private void forget(Lane lane) {
    lane.state = State.CLOSED;
    lanes.remove(lane.channel, lane);
    byKey.remove(lane.key, lane);
  }

  /** The lock is ours: work begins. */
  void gotLock(Lane lane, long until) {
    long now = loop.now();
    lane.state = State.HELD;
    lane.locked(until);
    lane.heldSince = now;
    lane.handled = 0;
    lane.polls = 0;
    StreamName stream = anyStream(lane);
    if (stream != null) {
      work.lockWaited(stream, now - lane.wantedSince);
    }
    next(lane);
  }

  /** The lock is not ours any more, or not surely: what runs is interrupted. */
  void lostLock(Lane lane) {
    if (lane.state != State.HELD) {
      return;
    }
    lane.halt();
    lane.state = State.WANTS_LOCK;
    lane.running.forEach(entry -> entry.interrupt(Interruption.LOCK_LOST));
    StreamName stream = anyStream(lane);
    if (stream != null) {
      work.lockLost(stream);
    }
    next(lane);
  }

  private static @Nullable StreamName anyStream(Lane lane) {
    Entry any = lane.running.isEmpty() ? lane.head() : lane.running.getFirst();
    if (any != null) {
      return any.streamName();
    }
    return lane.parked.isEmpty() ? null : lane.parked.getFirst().stream();
  }

  /** Somebody holds the lock who is not Streamfleet: entries wait by id, outside the credits. */
  void park(Lane lane) {
    lane.state = State.PARKED;
    parkQueue(lane);
    Entry retrying = lane.retrying;
    if (retrying != null) {
      // Its next attempt is not ours to make for now; its count is in Redis.
      lane.retrying = null;
      work.park(retrying);
      lane.parked.addFirst(new Lane.Parked(retrying.streamName(), retrying.entryId()));
      countParked(1);
    }
  }

  private void parkQueue(Lane lane) {
    for (Entry entry : lane.takeAll()) {
      work.park(entry);
      lane.parked.add(new Lane.Parked(entry.streamName(), entry.entryId()));
      countParked(1);
    }
  }

  /** Entries of a lane were given to who holds its lock. */
  void handedOver(Lane lane, StreamName stream, Set<EntryId> ids) {
    for (Entry entry : lane.takeAll()) {
      if (!(entry.streamName().equals(stream) && ids.contains(entry.entryId()))) {
        lane.add(entry);
      }
    }
    int before = lane.parked.size();
    lane.parked.removeIf(parked -> parked.stream().equals(stream) && ids.contains(parked.id()));
    countParked(lane.parked.size() - before);
    work.handedOver(stream, ids);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  private void countParked(int more) {
    parkedCount += more;
  }

  /** A parked entry is not ours any more. */
  public void forgetParked(StreamName stream, Set<EntryId> ids) {
    for (Lane lane : List.copyOf(lanes.values())) {
      int before = lane.parked.size();
      if (before > 0) {
        lane.parked.removeIf(parked -> parked.stream().equals(stream) && ids.contains(parked.id()));
        countParked(lane.parked.size() - before);
      }
    }
  }

  /** What is to be done about a lane whose lock's question got its answer elsewhere. */
  void wantAgain(Lane lane) {
    lane.state = State.WANTS_LOCK;
    wantOrClose(lane);
  }

  @Nullable Lane byKey(String key) {
    return byKey.get(key);
  }

  /** All lanes, for the periodic work on their locks. */
  Collection<Lane> all() {
    return lanes.values();
  }

  /** Gives up the locks of lanes that have been without work for long enough. */
  private void lingered() {
    lingerTimer = false;
    long now = loop.now();
    Lane lane;
    while ((lane = lingering.peek()) != null) {
      boolean idle = lane.state == State.HELD && lane.free() && !lane.hasWork();
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

  /** Called at the end of each turn of the loop. */
  public void turn() {
    locks.turn();
  }

  /** The entries of a channel that are parked. */
  public List<ParkedEntry> parked(String channel) {
    Lane lane = lanes.get(channel);
    if (lane == null) {
      return List.of();
    }
    return lane.parked.stream().map(p -> new ParkedEntry(p.stream(), p.id())).toList();
  }

  /** An entry behind another's lock. */
  public record ParkedEntry(StreamName stream, EntryId id) {}

  /** Starts nothing any more; what runs goes on, and keeps its locks for as long. */
  public void drain() {
    draining = true;
    locks.close();
    for (Lane lane : List.copyOf(lanes.values())) {
      lane.halt();
      next(lane);
    }
  }

  /** Gives up all locks; completes when Redis has answered. */
  public CompletableFuture<Void> releaseAll() {
    return locks.releaseAll(List.copyOf(lanes.values()));
  }

  /** How many lanes there are. May be asked from anywhere, and is then about right. */
  public int size() {
    return lanes.size();
  }

  /** How many entries wait behind foreign locks. May be asked from anywhere. */
  public int parkedCount() {
    return parkedCount;
  }
}
