package io.streamfleet.worker.channel;

import io.streamfleet.worker.loop.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Acquires and releases the locks of lanes, many in one call. Belongs to the pipeline's loop. */
final class LockAcquisition {

  private final EventLoop loop;
  private final LaneLocks locks;
  private final String consumer;
  private final OpenLanes open;
  private final LockRenewal renewal;
  private final HandOverQueue transfers;
  private final LockBackoff lockBackoff;
  private final RefusedLocks refusedLocks;
  private final List<Lane> wanting = new ArrayList<>();
  private final List<String> givenUp = new ArrayList<>();

  /** Keys that are being released: they are not acquired before the reply. */
  private final Set<String> releasing = new HashSet<>();

  private boolean closed;

  LockAcquisition(
      EventLoop loop,
      LaneLocks locks,
      String consumer,
      OpenLanes open,
      LockRenewal renewal,
      HandOverQueue transfers,
      LockBackoff lockBackoff,
      RefusedLocks refusedLocks) {
    this.loop = loop;
    this.locks = locks;
    this.consumer = consumer;
    this.open = open;
    this.renewal = renewal;
    this.transfers = transfers;
    this.lockBackoff = lockBackoff;
    this.refusedLocks = refusedLocks;
  }

  /** Acquires the lock of a lane at the end of the turn, together with those of other lanes. */
  void want(Lane lane) {
    if (!closed) {
      wanting.add(lane);
    }
  }

  /** Releases the lock of a lane at the end of the turn, if it may be held. */
  void giveUp(Lane lane) {
    lane.locked(loop.now());
    if (lane.maybeLocked) {
      lane.maybeLocked = false;
      givenUp.add(lane.key);
    }
  }

  /** Whether others may wait for the locks. */
  boolean locksAreShared() {
    return locks.areShared();
  }

  /** Called at the end of each turn. Releases are sent before acquisitions. */
  void turn(LockEvents events) {
    if (!givenUp.isEmpty()) {
      List<String> keys = List.copyOf(givenUp);
      givenUp.clear();
      releasing.addAll(keys);
      locks.release(keys, this::released);
    }
    if (!wanting.isEmpty()) {
      ask(events);
    }
  }

  private void released(List<String> keys, @Nullable Throwable failure) {
    releasing.removeAll(keys);
    if (failure != null) {
      // Not repeated: the locks expire.
      lockBackoff.report("release locks", failure);
    } else {
      lockBackoff.works("release locks");
    }
  }

  private void ask(LockEvents events) {
    List<String> keys = new ArrayList<>(wanting.size());
    List<String> alone = new ArrayList<>();
    List<Lane> later = new ArrayList<>();
    for (Lane lane : wanting) {
      if (releasing.contains(lane.key)) {
        later.add(lane);
      } else if (lane.state == LaneState.WANTS_LOCK || lane.state == LaneState.PARKED) {
        lane.state = lane.state == LaneState.PARKED ? LaneState.PARKED : LaneState.ASKING;
        lane.maybeLocked = true;
        // A refused key would make Redis refuse the call for all keys, each time.
        (refusedLocks.has(lane) ? alone : keys).add(lane.key);
      }
    }
    wanting.clear();
    wanting.addAll(later);
    if (!keys.isEmpty()) {
      locks.acquire(keys, new Acquired(events));
    }
    alone.forEach(key -> locks.acquire(List.of(key), new Acquired(events)));
  }

  private final class Acquired implements LaneLocks.Callback<Map<String, String>> {

    private final LockEvents events;

    private Acquired(LockEvents events) {
      this.events = events;
    }

    @Override
    public void answered(List<String> keys, Map<String, String> holders, long sentAt) {
      lockBackoff.over();
      lockBackoff.works("take locks");
      for (String key : keys) {
        Lane lane = open.ofKey(key);
        String holder = holders.getOrDefault(key, "");
        if (lane == null || !(lane.state == LaneState.ASKING || lane.state == LaneState.PARKED)) {
          if (holder.isEmpty()) {
            givenUp.add(key);
          }
        } else if (holder.isEmpty()) {
          lane.maybeLocked = true;
          refusedLocks.over(lane);
          events.gotLock(lane, renewal.surelyUntil(sentAt));
        } else {
          lane.maybeLocked = false;
          refusedLocks.over(lane);
          switch (Holder.of(holder, consumer)) {
            case Holder.Foreign() -> events.poll(lane);
            case Holder.Consumer other -> {
              if (!transfers.add(lane, other)) {
                events.wantAgain(lane);
              }
            }
          }
        }
      }
    }

    @Override
    public void failed(List<String> keys, Throwable failure) {
      lockBackoff.count("take locks", failure);
      lockBackoff.retry(() -> keys.forEach(this::again));
    }

    @Override
    public void refused(String key, String reason) {
      lockBackoff.over();
      lockBackoff.works("take locks");
      Lane lane = open.ofKey(key);
      if (lane != null && (lane.state == LaneState.ASKING || lane.state == LaneState.PARKED)) {
        lane.maybeLocked = false;
        refusedLocks.refused(lane, reason);
        events.waitBehind(lane, refusedLocks.pause(lane));
      }
    }

    private void again(String key) {
      Lane lane = open.ofKey(key);
      if (lane != null && lane.state == LaneState.ASKING) {
        events.wantAgain(lane);
      } else if (lane != null && lane.state == LaneState.PARKED) {
        want(lane);
      }
    }
  }

  /** Acquires no more locks. */
  void close() {
    closed = true;
    wanting.clear();
  }

  /** Releases the locks of all lanes. Locks that are not held are not affected. */
  CompletableFuture<Void> releaseAll() {
    List<String> keys = new ArrayList<>(givenUp);
    open.all().forEach(lane -> keys.add(lane.key));
    return locks.release(keys, (page, failure) -> {});
  }
}
