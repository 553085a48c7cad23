package io.streamfleet.model;

import io.streamfleet.model.Protocol.Action;
import io.streamfleet.model.Protocol.Steps;
import io.streamfleet.model.Setup.Fault;

/** What befalls a whole process, or Redis. */
final class Disasters {

  private final Setup setup;
  private final boolean byRank;
  private final byte[] packed;
  private final Steps to;

  Disasters(Setup setup, boolean byRank, byte[] packed, Steps to) {
    this.setup = setup;
    this.byRank = byRank;
    this.packed = packed;
    this.to = to;
  }

  void all(State state) {
    for (int w = 0; w < setup.workers(); w++) {
      boolean lives = (state.alive >> w & 1) == 1;
      if (lives && has(Fault.DEATH) && Integer.bitCount(state.alive) > 1) {
        die(w, Fault.DEATH, "dies");
      }
      if (lives && has(Fault.RESTART)) {
        die(w, Fault.RESTART, "dies and starts anew");
      }
    }
    if (has(Fault.FAILOVER)) {
      if (state.replica == null) {
        replicaStops();
      } else {
        failover();
      }
    }
    if (has(Fault.FAILOVER_OF_PARTITIONS)) {
      if (state.replica == null) {
        replicaStops();
      } else {
        failoverOfPartitions();
      }
    }
    if (has(Fault.EMPTY)) {
      empty();
    }
  }

  private void die(int worker, Fault fault, String name) {
    State next = State.unpack(packed, setup);
    for (Hand hand : next.hands[worker]) {
      hand.die();
    }
    if (fault == Fault.DEATH) {
      next.alive &= ~(1 << worker);
    }
    next.faultsLeft[fault.place()]--;
    to.fault(Action.of(name, worker), next.pack(byRank));
  }

  private void replicaStops() {
    State next = State.unpack(packed, setup);
    next.replica = State.unpack(packed, setup).redis;
    to.fault(Action.of("replication stops"), next.pack(byRank));
  }

  private void failover() {
    State next = State.unpack(packed, setup);
    Partition[] replica = next.replica;
    if (replica == null) {
      return;
    }
    System.arraycopy(replica, 0, next.redis, 0, replica.length);
    next.replica = null;
    next.unreplicated = 0;
    next.faultsLeft[Fault.FAILOVER.place()]--;
    to.fault(Action.of("failover to where replication stopped"), next.pack(byRank));
  }

  private void failoverOfPartitions() {
    State next = State.unpack(packed, setup);
    Partition[] replica = next.replica;
    if (replica == null) {
      return;
    }
    Action action = Action.of("failover of the partitions alone");
    next.redis[0].appended = replica[0].appended;
    next.replica = null;
    next.unreplicated = 0;
    next.faultsLeft[Fault.FAILOVER_OF_PARTITIONS.place()]--;
    if ((next.redis[0].settled() & ~next.redis[0].appended) != 0) {
      to.violation(action, "an entry is lost that was acknowledged in the plain stream");
      return;
    }
    to.fault(action, next.pack(byRank));
  }

  /** All that was appended so far is gone, and what is appended later comes. */
  private void empty() {
    State next = State.unpack(packed, setup);
    for (int p = 0; p < setup.partitions(); p++) {
      next.redis[p] = new Partition();
      next.redis[p].stream = setup.entriesOf(p) & setup.laterEntries();
    }
    next.forgotten = setup.first();
    next.faultsLeft[Fault.EMPTY.place()]--;
    to.fault(Action.of("Redis starts empty"), next.pack(byRank));
  }

  private boolean has(Fault fault) {
    return packed[State.faultAt(fault)] > 0;
  }
}
