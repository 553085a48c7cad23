package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lanes that the closed gate holds back because their handler is unavailable. They keep their
 * entries in order and hold no locks, since other workers may reach their own handlers. One lane at
 * a time may pass with a probe. Belongs to the pipeline's loop.
 */
final class HeldLanes {

  private final Gate gate;
  private final OpenLanes open;
  private final LaneWork work;
  private final LongSupplier now;
  private final Consumer<Lane> giveUpLock;
  private final Set<Lane> held = new LinkedHashSet<>();
  private @Nullable Lane probing;

  /**
   * @param giveUpLock releases the lock of a lane, if it may be held
   */
  HeldLanes(Gate gate, OpenLanes open, LaneWork work, LongSupplier now, Consumer<Lane> giveUpLock) {
    this.gate = gate;
    this.open = open;
    this.work = work;
    this.now = now;
    this.giveUpLock = giveUpLock;
  }

  /** Holds a lane back if the gate is closed, unless it is the one that probes. */
  boolean holds(Lane lane) {
    if (!gate.isShut() || isProbing(lane)) {
      return false;
    }
    giveUpLock.accept(lane);
    lane.state = LaneState.HELD_BACK;
    held.add(lane);
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // lanes are compared by identity
  private boolean isProbing(Lane lane) {
    return probing == lane;
  }

  /** Starts the head of a lane as the probe; false if the lane does not probe. */
  boolean probes(Lane lane) {
    Entry head = lane.head();
    if (head == null || !gate.isShut() || !isProbing(lane)) {
      return false;
    }
    if (gate.probe(head)) {
      List<Entry> probe = lane.take(1);
      lane.running.addAll(probe);
      work.runApart(probe);
    } else {
      probing = null;
      holds(lane);
    }
    return true;
  }

  /**
   * The lanes whose first entry can be a probe.
   *
   * @param again makes a lane acquire its lock
   */
  List<Candidate> candidates(Consumer<Lane> again) {
    List<Candidate> candidates = new ArrayList<>(held.size());
    for (Lane lane : held) {
      Entry head = lane.head();
      Runnable send = () -> letThrough(lane, again);
      if (!lane.free()) {
        continue;
      }
      if (head != null && !lane.isBehindParked(head)) {
        candidates.add(
            new Candidate(
                head.streamName(), head.entryId(), head.waits(), head.endpointDeaths(), send));
      } else if (!lane.parked.isEmpty()) {
        ParkedEntry first = lane.parked.getFirst();
        candidates.add(new Candidate(first.stream(), first.id(), false, 0, send));
      }
    }
    return candidates;
  }

  private void letThrough(Lane lane, Consumer<Lane> again) {
    held.remove(lane);
    probing = lane;
    confirmed(List.of(lane), again);
  }

  /**
   * Confirms the ownership of stale entries before their lanes continue. Their lanes may hand them
   * over next, and their delivery counts must be right again by then.
   */
  private void confirmed(List<Lane> lanes, Consumer<Lane> again) {
    List<Entry> stale =
        lanes.stream()
            .flatMap(lane -> lane.queue().stream())
            .filter(entry -> !work.fresh(entry, now.getAsLong()))
            .toList();
    if (stale.isEmpty()) {
      lanes.forEach(again);
      return;
    }
    lanes.forEach(lane -> lane.checking = true);
    work.confirm(
        stale,
        () -> {
          lanes.forEach(lane -> lane.checking = false);
          lanes.forEach(again);
        });
  }

  /** The entries that wait for the gate to open. */
  List<Entry> entries() {
    return held.stream().flatMap(lane -> lane.queue().stream()).toList();
  }

  /** The probe has ended, or was not started. */
  void probed(Consumer<Lane> next) {
    Lane lane = probing;
    probing = null;
    if (lane != null) {
      next.accept(lane);
    }
  }

  /** The gate was closed: lanes that hold their lock and have nothing running release it. */
  void holdAll(Consumer<Lane> next) {
    for (Lane lane : List.copyOf(open.all())) {
      if (lane.state == LaneState.HELD) {
        next.accept(lane);
      }
    }
  }

  /** The gate was opened: all lanes acquire their locks. */
  void letGo(Consumer<Lane> again) {
    probing = null;
    List<Lane> lanes = List.copyOf(held);
    held.clear();
    confirmed(lanes, again);
  }
}
