package io.streamfleet.model;

import io.streamfleet.model.Hand.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * How workers share the partitions of a stream, each step one that Redis or a worker does as a
 * whole. The names of the steps are those of the scripts.
 *
 * <p>A grant is known by its token, which is never used twice. What a worker sends is on its way
 * for as long as it likes, and may arrive when its sender has forgotten it, or is gone.
 */
public final class PartitionProtocol implements Protocol {

  private final Setup setup;

  /** Grants can be numbered anew as long as the epoch is the number of the grant. */
  private final boolean byRank;

  public PartitionProtocol(Setup setup) {
    this.setup = setup;
    this.byRank = !setup.makes(Mistake.EPOCH_OF_REDIS_ALONE);
  }

  @Override
  public byte[] initial() {
    return State.initial(setup).pack(byRank);
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        goal("not every entry can be settled any more", this::isAllSettled),
        goal("a partition can't get an owner any more", this::isAllOwned));
  }

  private Goal goal(String missed, Predicate<State> reached) {
    return new Goal() {
      @Override
      public String missed() {
        return missed;
      }

      @Override
      public boolean isReached(byte[] state) {
        return reached.test(State.unpack(state, setup));
      }
    };
  }

  private boolean isAllSettled(State state) {
    return Arrays.stream(state.redis).allMatch(this::isSettled);
  }

  private boolean isSettled(Partition partition) {
    boolean isThere = setup.targets() == 0 || partition.appended == partition.stream;
    return partition.settled() == partition.stream && isThere;
  }

  private boolean isAllOwned(State state) {
    for (int p = 0; p < setup.partitions(); p++) {
      Partition partition = state.redis[p];
      Hand hand = state.hands[partition.owner][p];
      if (hand.phase != Phase.OWNING || hand.grant != partition.grant || hand.left == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void steps(byte[] packed, Steps to) {
    State state = State.unpack(packed, setup);
    for (int p = 0; p < setup.partitions(); p++) {
      for (int w = 0; w < setup.workers(); w++) {
        turn(state, new Turn.Of(setup, byRank, packed, to, w, p));
      }
    }
    new Clock(setup, byRank, packed, to).turn();
    new Disasters(setup, byRank, packed, to).all(state);
  }

  private void turn(State state, Turn.Of of) {
    Hand hand = state.hands[of.worker()][of.partition()];
    boolean lives = (state.alive >> of.worker() & 1) == 1;
    new LeaseTurn(of).all(state, hand, state.redis[of.partition()], lives);
    if (setup.targets() > 0) {
      new SplitterTurn(of).all(hand, lives);
    } else {
      new HandlingTurn(of).all(hand, lives);
    }
  }
}
