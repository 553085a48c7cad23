package io.streamfleet.worker.channel;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Renews the locks of lanes, and detects lost ones. Belongs to the pipeline's loop. */
final class LockRenewal {

  /** Between two comparisons of locks with the clock; a lost lock is noticed so much later. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** A lock counts as held for this part of its TTL less, since clocks may differ in speed. */
  private static final int SAFETY_PART = 20;

  private final EventLoop loop;
  private final LaneLocks locks;
  private final long ttlNanos;
  private final OpenLanes open;
  private final LockBackoff lockBackoff;

  LockRenewal(
      EventLoop loop, LaneLocks locks, Duration ttl, OpenLanes open, LockBackoff lockBackoff) {
    this.loop = loop;
    this.locks = locks;
    this.ttlNanos = ttl.toNanos();
    this.open = open;
    this.lockBackoff = lockBackoff;
  }

  /** Starts the periodic tasks. */
  void start(LockEvents events) {
    loop.after(TICK, () -> tick(events));
    loop.afterNanos(ttlNanos / 3, () -> renewAll(events));
  }

  /** Until when a lock is certainly held that was acquired or renewed by a call sent at a time. */
  long surelyUntil(long sentAt) {
    return sentAt + ttlNanos - ttlNanos / SAFETY_PART;
  }

  /** Renews a lane's lock. Calls {@code then} with whether it is still held. */
  void confirm(Lane lane, LockEvents events, Consumer<Boolean> then) {
    lane.checking = true;
    locks.renew(
        List.of(lane.key),
        new LaneLocks.Callback<>() {
          @Override
          public void answered(List<String> keys, List<String> lost, long sentAt) {
            lockBackoff.works("renew a lock");
            lane.checking = false;
            if (lost.isEmpty()) {
              lane.locked(surelyUntil(sentAt));
            } else {
              events.lostLock(lane);
            }
            then.accept(lost.isEmpty());
          }

          @Override
          public void failed(List<String> keys, Throwable failure) {
            lockBackoff.count("renew a lock", failure);
            lockBackoff.retry(() -> confirm(lane, events, then));
          }

          @Override
          public void refused(String key, String reason) {
            lane.checking = false;
            events.lostLock(lane);
            then.accept(false);
          }
        });
  }

  private void renewAll(LockEvents events) {
    List<String> held = new ArrayList<>();
    for (Lane lane : open.all()) {
      if (lane.state == LaneState.HELD) {
        held.add(lane.key);
      }
    }
    locks.renew(
        held,
        new LaneLocks.Callback<>() {
          @Override
          public void answered(List<String> keys, List<String> lost, long sentAt) {
            lockBackoff.works("renew locks");
            for (String key : keys) {
              Lane lane = open.ofKey(key);
              if (lane == null || lane.state != LaneState.HELD || lane.heldSince - sentAt >= 0) {
                continue;
              }
              if (lost.contains(key)) {
                events.lostLock(lane);
              } else {
                lane.locked(surelyUntil(sentAt));
              }
            }
          }

          @Override
          public void failed(List<String> keys, Throwable failure) {
            lockBackoff.report("renew locks", failure);
          }

          @Override
          public void refused(String key, String reason) {
            // It can't be renewed; the next acquisition reports why.
            Lane lane = open.ofKey(key);
            if (lane != null) {
              events.lostLock(lane);
            }
          }
        });
    loop.afterNanos(ttlNanos / 3, () -> renewAll(events));
  }

  /** Interrupts handlers whose lock has expired by this worker's clock. */
  private void tick(LockEvents events) {
    long now = loop.now();
    for (Lane lane : List.copyOf(open.all())) {
      if (lane.state == LaneState.HELD && !lane.running.isEmpty() && !lane.surelyLocked(now)) {
        events.lostLock(lane);
      }
    }
    loop.after(TICK, () -> tick(events));
  }
}
