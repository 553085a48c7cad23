package io.streamfleet.model;

import io.streamfleet.model.Protocol.Action;
import io.streamfleet.model.Protocol.Steps;
import io.streamfleet.model.Setup.Fault;

/**
 * Time: the clock turns for Redis and all workers at once, as often in the term of a lease. A
 * worker that is not stopped renews before what it counts on is over. Replicas are less than a turn
 * behind.
 */
final class Clock {

  /** Turns that a lease lasts. */
  static final int TERM = 2;

  private final Setup setup;
  private final boolean byRank;
  private final byte[] packed;
  private final Steps to;

  Clock(Setup setup, boolean byRank, byte[] packed, Steps to) {
    this.setup = setup;
    this.byRank = byRank;
    this.packed = packed;
    this.to = to;
  }

  void turn() {
    State next = State.unpack(packed, setup);
    if (!setup.tellsTime()) {
      expire();
      if (next.replica != null) {
        next.replica = null;
        next.unreplicated = 0;
        to.step(Action.of("replication goes on"), next.pack(byRank));
      }
      return;
    }
    boolean isUse = false;
    for (Partition partition : next.redis) {
      isUse |= partition.left > 0;
      partition.left = Math.max(partition.left - 1, 0);
    }
    next.replica = null;
    next.unreplicated = 0;
    boolean isPause = false;
    for (Hand[] of : next.hands) {
      for (Hand hand : of) {
        isUse |= hand.left > 0 || hand.renewed;
        isPause |= hand.believes() && hand.left == 1 && !hand.renewed;
        hand.left = Math.max(hand.left - 1, 0);
        hand.renewed = false;
      }
    }
    if (isUse && !isPause) {
      to.step(Action.of("the clock turns"), next.pack(byRank));
    } else if (isUse && packed[State.faultAt(Fault.PAUSE)] > 0) {
      next.faultsLeft[Fault.PAUSE.place()]--;
      to.fault(Action.of("the clock turns, and who did not renew was stopped"), next.pack(byRank));
    }
  }

  private void expire() {
    State state = State.unpack(packed, setup);
    for (int p = 0; p < setup.partitions() && !setup.makes(Mistake.NO_EXPIRY); p++) {
      Partition partition = state.redis[p];
      Hand owner = state.hands[partition.owner][p];
      if (partition.left > 0 && !(owner.believes() && owner.grant == partition.grant)) {
        State next = State.unpack(packed, setup);
        next.redis[p].left = 0;
        to.step(Action.of("a lease runs out"), next.pack(byRank));
      }
    }
  }
}
