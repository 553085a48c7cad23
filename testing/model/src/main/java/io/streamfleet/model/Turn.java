package io.streamfleet.model;

import io.streamfleet.model.Protocol.Action;
import io.streamfleet.model.Protocol.Steps;
import io.streamfleet.model.Setup.Fault;
import java.util.function.IntConsumer;

/** What one worker can do about one partition in one state. */
abstract class Turn {

  final Setup setup;
  final Steps to;
  final int w;
  final int p;
  private final byte[] packed;
  private final boolean byRank;

  /** One worker's turn at one partition. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Of(Setup setup, boolean byRank, byte[] packed, Steps to, int worker, int partition) {}

  Turn(Of of) {
    this.setup = of.setup();
    this.byRank = of.byRank();
    this.packed = of.packed();
    this.to = of.to();
    this.w = of.worker();
    this.p = of.partition();
  }

  /** The state, to be changed into one that follows. */
  final State next() {
    return State.unpack(packed, setup);
  }

  /** Another one like it. */
  final State copy(State state) {
    return State.unpack(state.pack(byRank), setup);
  }

  final boolean isOurs(Hand hand, Partition partition) {
    return isGrantOf(partition, hand.grant);
  }

  /** Whether a partition is under a grant: what every script asks first. */
  final boolean isGrantOf(Partition partition, int grant) {
    return setup.makes(Mistake.NO_EPOCH)
        ? partition.owner == w && partition.grant != 0 && grant != 0
        : partition.grant == grant && grant != 0;
  }

  final boolean has(Fault fault) {
    return packed[State.faultAt(fault)] > 0;
  }

  /** A worker did something by itself. */
  final void step(String name, int entry, State next) {
    to.step(action(name, entry), next.pack(byRank));
  }

  final void step(String name, State next) {
    step(name, -1, next);
  }

  /** Redis wrote something. */
  final void wrote(String name, int entry, State next) {
    to.step(action(name, entry), next.packWritten(byRank));
  }

  final void wrote(String name, State next) {
    wrote(name, -1, next);
  }

  /** Something went wrong with a worker alone. */
  final void fault(Fault fault, String name, int entry, State next) {
    next.faultsLeft[fault.place()]--;
    to.fault(action(name, entry), next.pack(byRank));
  }

  /** Something went wrong with what Redis wrote. */
  final void faultAfterWrite(Fault fault, String name, int entry, State next) {
    next.faultsLeft[fault.place()]--;
    to.fault(action(name, entry), next.packWritten(byRank));
  }

  final Action action(String name) {
    return Action.of(name, w);
  }

  final Action action(String name, int entry) {
    return new Action(name, w, entry);
  }

  static void each(int entries, IntConsumer then) {
    for (int left = entries; left != 0; left &= left - 1) {
      then.accept(Integer.numberOfTrailingZeros(left));
    }
  }
}
