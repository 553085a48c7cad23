package io.streamfleet.worker.lane;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lane.Lane.State;
import io.streamfleet.worker.lock.ChannelLocks;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.lock.HandOver.Parcel;
import io.streamfleet.worker.lock.HandOver.Verdict;
import io.streamfleet.worker.lock.Holder;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Step 4: gets, keeps and gives up the locks of lanes, many in one call, and sends entries to who
 * holds their lock. Belongs to the pipeline's loop.
 */
public final class LockDesk {

  /**
   * Waits between two tries for a foreign holder's lock: no holder gives a sign when it is done.
   */
  private static final Backoff POLL = new Backoff(Duration.ofMillis(40), Duration.ofMillis(250));

  /** How often locks are compared with the clock: a lost one is noticed that much late. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** A lock counts as ours for this part of its time less, so that clocks may differ in speed. */
  private static final int SAFETY_PART = 20;

  /**
   * Ids in one call to hand over: each costs the server some 3 us, during which it does nothing
   * else.
   */
  private static final int PARCEL_IDS = 500;

  private final EventLoop loop;
  private final ChannelLocks locks;
  private final String consumer;
  private final long ttlNanos;
  private final LaneWork work;
  private final RandomGenerator random;
  private final List<Lane> wanting = new ArrayList<>();
  private final List<String> givenUp = new ArrayList<>();
  private final Map<StreamName, List<Parcel>> parcels = new LinkedHashMap<>();
  private @Nullable Lanes lanes;
  private int failures;
  private boolean closed;

  public LockDesk(
      EventLoop loop,
      ChannelLocks locks,
      String consumer,
      Duration ttl,
      LaneWork work,
      RandomGenerator random) {
    this.loop = loop;
    this.locks = locks;
    this.consumer = consumer;
    this.ttlNanos = ttl.toNanos();
    this.work = work;
    this.random = random;
  }

  void bind(Lanes owner) {
    lanes = owner;
  }

  /** Begins the periodic work. */
  public void start() {
    loop.after(TICK, this::tick);
    loop.afterNanos(ttlNanos / 3, this::renewAll);
  }

  private Lanes lanes() {
    Lanes bound = lanes;
    if (bound == null) {
      throw new IllegalStateException("no lanes are bound yet");
    }
    return bound;
  }

  /** A lane wants its lock; it is asked for at the end of the turn, with those of other lanes. */
  void want(Lane lane) {
    if (!closed) {
      wanting.add(lane);
    }
  }

  /** A lane's lock is to be released at the end of the turn. */
  void giveUp(Lane lane) {
    lane.locked(loop.now());
    givenUp.add(lane.key);
  }

  /** Called at the end of each turn. Releases go first, so that a lock given up is free for all. */
  void turn() {
    if (!givenUp.isEmpty()) {
      List<String> keys = List.copyOf(givenUp);
      givenUp.clear();
      locks
          .release(keys)
          .exceptionally(
              failure -> {
                // It expires by itself.
                loop.execute(() -> work.lockTrouble("release locks", failure));
                return null;
              });
    }
    if (!wanting.isEmpty()) {
      List<String> keys = new ArrayList<>(wanting.size());
      for (Lane lane : wanting) {
        if (lane.state == State.WANTS_LOCK || lane.state == State.PARKED) {
          lane.state = lane.state == State.PARKED ? State.PARKED : State.ASKING;
          keys.add(lane.key);
        }
      }
      wanting.clear();
      locks.acquire(keys, new Acquired());
    }
    sendParcels();
  }

  private final class Acquired implements ChannelLocks.Answer<Map<String, String>> {

    @Override
    public void answered(List<String> keys, Map<String, String> holders, long sentAt) {
      failures = 0;
      for (String key : keys) {
        Lane lane = lanes().byKey(key);
        String holder = holders.getOrDefault(key, "");
        if (lane == null || !(lane.state == State.ASKING || lane.state == State.PARKED)) {
          if (holder.isEmpty()) {
            givenUp.add(key);
          }
        } else if (holder.isEmpty()) {
          lanes().gotLock(lane, surelyUntil(sentAt));
        } else {
          heldByAnother(lane, Holder.of(holder, consumer));
        }
      }
    }

    @Override
    public void failed(List<String> keys, Throwable failure) {
      work.lockTrouble("take locks", failure);
      failures++;
      loop.after(Backoff.REDIS.after(failures, random), () -> keys.forEach(this::again));
    }

    private void again(String key) {
      Lane lane = lanes().byKey(key);
      if (lane != null && lane.state == State.ASKING) {
        lanes().wantAgain(lane);
      } else if (lane != null && lane.state == State.PARKED) {
        want(lane);
      }
    }
  }

  private long surelyUntil(long sentAt) {
    return sentAt + ttlNanos - ttlNanos / SAFETY_PART;
  }

  private void heldByAnother(Lane lane, Holder holder) {
    switch (holder) {
      case Holder.Foreign() -> waitBehind(lane);
      case Holder.Consumer other -> {
        lane.state = State.HANDING_OVER;
        Map<StreamName, List<EntryId>> ids = new HashMap<>();
        for (Entry entry : lane.queued()) {
          ids.computeIfAbsent(entry.streamName(), s -> new ArrayList<>()).add(entry.entryId());
        }
        lane.parked.forEach(
            parked ->
                ids.computeIfAbsent(parked.stream(), s -> new ArrayList<>()).add(parked.id()));
        lane.parcels = ids.size();
        ids.forEach(
            (stream, some) ->
                parcels
                    .computeIfAbsent(stream, s -> new ArrayList<>())
                    .add(new Parcel(lane.key, other, some)));
        if (ids.isEmpty()) {
          lanes().wantAgain(lane);
        }
      }
    }
  }

  private void waitBehind(Lane lane) {
    lanes().park(lane);
    lane.polls++;
    loop.after(
        POLL.after(lane.polls, random),
        () -> {
          if (lane.state == State.PARKED) {
            if (lane.hasWork()) {
              want(lane);
            } else {
              lanes().wantAgain(lane);
            }
          }
        });
  }

  private void sendParcels() {
    parcels.forEach(
        (stream, all) -> {
          List<Parcel> page = new ArrayList<>();
          int ids = 0;
          for (Parcel parcel : all) {
            page.add(parcel);
            ids += parcel.ids().size();
            if (ids >= PARCEL_IDS) {
              work.handOver(stream, List.copyOf(page), new Delivered(stream));
              page.clear();
              ids = 0;
            }
          }
          if (!page.isEmpty()) {
            work.handOver(stream, List.copyOf(page), new Delivered(stream));
          }
        });
    parcels.clear();
  }

  private final class Delivered implements HandOver.Answer {

    private final StreamName stream;

    private Delivered(StreamName stream) {
      this.stream = stream;
    }

    @Override
    public void answered(Parcel parcel, Verdict verdict) {
      Lane lane = lanes().byKey(parcel.lockKey());
      if (lane == null) {
        return;
      }
      if (verdict == Verdict.HANDED_OVER) {
        // Also where the answer about another stream came first and the lane asks for its lock
        // again by now: these entries are another's.
        lanes().handedOver(lane, stream, Set.copyOf(parcel.ids()));
      }
      if (lane.state != State.HANDING_OVER) {
        return;
      }
      lane.parcels--;
      if (lane.parcels > 0) {
        return;
      }
      if (verdict == Verdict.NOBODY_THERE) {
        waitBehind(lane);
      } else {
        lanes().wantAgain(lane);
      }
    }

    @Override
    public void failed(Parcel parcel, Throwable failure) {
      work.lockTrouble("hand entries over", failure);
      failures++;
      // They may be the holder's already: who they belong to must be asked before they are handled.
      work.doubt(stream, parcel.ids());
      Lane lane = lanes().byKey(parcel.lockKey());
      if (lane != null && lane.state == State.HANDING_OVER && --lane.parcels == 0) {
        loop.after(
            Backoff.REDIS.after(failures, random),
            () -> {
              if (lane.state == State.HANDING_OVER && lane.parcels == 0) {
                lanes().wantAgain(lane);
              }
            });
      }
    }
  }

  /** Asks whether a lane's lock is still ours, and renews it. */
  void confirm(Lane lane, Consumer<Boolean> then) {
    lane.checking = true;
    locks.renew(
        List.of(lane.key),
        new ChannelLocks.Answer<>() {
          @Override
          public void answered(List<String> keys, List<String> lost, long sentAt) {
            lane.checking = false;
            if (lost.isEmpty()) {
              lane.locked(surelyUntil(sentAt));
            } else {
              lanes().lostLock(lane);
            }
            then.accept(lost.isEmpty());
          }

          @Override
          public void failed(List<String> keys, Throwable failure) {
            work.lockTrouble("renew a lock", failure);
            failures++;
            loop.after(Backoff.REDIS.after(failures, random), () -> confirm(lane, then));
          }
        });
  }

  private void renewAll() {
    List<String> held = new ArrayList<>();
    for (Lane lane : lanes().all()) {
      if (lane.state == State.HELD) {
        held.add(lane.key);
      }
    }
    locks.renew(
        held,
        new ChannelLocks.Answer<>() {
          @Override
          public void answered(List<String> keys, List<String> lost, long sentAt) {
            for (String key : keys) {
              Lane lane = lanes().byKey(key);
              if (lane == null || lane.state != State.HELD || lane.heldSince - sentAt >= 0) {
                continue;
              }
              if (lost.contains(key)) {
                lanes().lostLock(lane);
              } else {
                lane.locked(surelyUntil(sentAt));
              }
            }
          }

          @Override
          public void failed(List<String> keys, Throwable failure) {
            work.lockTrouble("renew locks", failure);
          }
        });
    loop.afterNanos(ttlNanos / 3, this::renewAll);
  }

  /** Interrupts what runs under a lock that has run out by our own clock. */
  private void tick() {
    long now = loop.now();
    for (Lane lane : List.copyOf(lanes().all())) {
      if (lane.state == State.HELD && !lane.running.isEmpty() && !lane.surelyLocked(now)) {
        lanes().lostLock(lane);
      }
    }
    loop.after(TICK, this::tick);
  }

  /** Asks for no lock any more. */
  void close() {
    closed = true;
    wanting.clear();
  }

  /** Those that are not ours are left alone; that we wait for one does not mean we lack it. */
  CompletableFuture<Void> releaseAll(Collection<Lane> all) {
    List<String> keys = new ArrayList<>(givenUp);
    all.forEach(lane -> keys.add(lane.key));
    return locks.release(keys);
  }
}
