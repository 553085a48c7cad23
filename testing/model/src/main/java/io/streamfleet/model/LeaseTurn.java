package io.streamfleet.model;

import io.streamfleet.model.Hand.Phase;
import io.streamfleet.model.Setup.Fault;

/** How a worker comes by a partition, reads it and gives it away. */
final class LeaseTurn extends Turn {

  LeaseTurn(Of of) {
    super(of);
  }

  void all(State state, Hand hand, Partition partition, boolean lives) {
    // What was sent arrives whether or not its sender lives.
    if (hand.lateGrant != 0) {
      readLate();
    }
    if (!lives) {
      return;
    }
    if (hand.phase == Phase.NONE && isFree(partition) && isFirst(state)) {
      acquire();
    }
    if (hand.phase == Phase.TAKING) {
      take();
    }
    if (hand.phase == Phase.OWNING) {
      if (isReadOfUse(hand, partition)) {
        read();
      }
      if (has(Fault.MOVE)) {
        revoke();
      }
    }
    if (hand.phase == Phase.REVOKING && hand.done == 0 && !hand.awaitsAnswer()) {
      release();
    }
    if (hand.believes() && !hand.renewed && isRenewalOfUse(hand, partition)) {
      renew();
    }
  }

  private boolean isReadOfUse(Hand hand, Partition partition) {
    return (partition.stream >> partition.delivered) != 0
        || !isFenced(partition, hand.grant, hand.looks);
  }

  /** As long as none of them did anything, workers are alike: it is enough to try one of them. */
  private boolean isFirst(State state) {
    return state.grants > 0 || (state.alive & ((1 << w) - 1)) == 0;
  }

  private boolean isRenewalOfUse(Hand hand, Partition partition) {
    return (setup.tellsTime() && partition.left < Clock.TERM)
        || !isOurs(hand, partition)
        || isCountedOtherwise(hand, partition);
  }

  private static boolean isCountedOtherwise(Hand hand, Partition partition) {
    boolean isKnown = hand.phase == Phase.OWNING && !hand.awaitsAnswer();
    return isKnown && hand.settlements != partition.settlements;
  }

  /** Whether a worker may take a lease: nobody has it, or an earlier life of its own. */
  private boolean isFree(Partition partition) {
    boolean own = partition.owner == w && partition.grant != 0;
    return partition.left == 0 || own || setup.makes(Mistake.GRANT_BEFORE_REVOKE);
  }

  /** Takes the lease of a partition that nobody has, with an epoch above all there were. */
  private void acquire() {
    State next = next();
    Partition partition = next.redis[p];
    Hand hand = next.hands[w][p];
    int grant = next.grants + 1;
    int epoch = setup.makes(Mistake.EPOCH_OF_REDIS_ALONE) ? partition.epoch + 1 : grant;
    if (epoch <= next.epochs) {
      to.violation(action("acquire"), "an epoch did not grow");
      return;
    }
    next.grants = grant;
    next.epochs = epoch;
    partition.grant = grant;
    partition.epoch = epoch;
    partition.owner = w;
    partition.left = Clock.TERM;
    partition.fence = 0;
    partition.settlements = 0;
    hand.phase = setup.makes(Mistake.NEW_BEFORE_PENDING) ? Phase.OWNING : Phase.TAKING;
    hand.grant = grant;
    hand.epoch = epoch;
    hand.left = Clock.TERM;
    wrote("acquire", next);
  }

  /** Claims all that is pending, once replicas have the lease. */
  private void take() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition partition = next.redis[p];
    Partition[] replica = next.replica;
    if (replica != null
        && replica[p].grant != hand.grant
        && !setup.makes(Mistake.GRANT_NOT_REPLICATED)) {
      return;
    }
    int known = partition.fence;
    boolean isInStep = known == 0 || known == hand.looks || known == hand.looks + 1;
    if (isOurs(hand, partition) && isInStep) {
      hand.phase = Phase.OWNING;
      hand.waiting = partition.pending & ~hand.inWork();
      hand.looks = hand.looks > 0 && setup.makes(Mistake.FENCE_KEPT) ? hand.looks : hand.looks + 1;
      partition.fence = hand.looks;
      wrote("take", next);
    } else {
      hand.lose();
      step("take (the lease is lost)", next);
    }
  }

  /** Reads the next entry behind the fence. */
  private void read() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition partition = next.redis[p];
    if (!isFenced(partition, hand.grant, hand.looks)) {
      hand.phase = Phase.TAKING;
      step("read (the fence is gone)", next);
      return;
    }
    if (has(Fault.LOST_ANSWER) && hand.lateGrant == 0) {
      State late = copy(next);
      late.hands[w][p].lateGrant = hand.grant;
      late.hands[w][p].lateFence = hand.looks;
      giveUp(late.hands[w][p]);
      fault(Fault.LOST_ANSWER, "read, given up before it arrives", -1, late);
    }
    int entry = deliver(partition);
    if (entry < 0) {
      return;
    }
    if (has(Fault.LOST_ANSWER)) {
      State lost = copy(next);
      giveUp(lost.hands[w][p]);
      faultAfterWrite(Fault.LOST_ANSWER, "read, its answer lost,", entry, lost);
    }
    // A copy that is in hand already is not put into its lane again.
    hand.waiting |= 1 << entry & ~hand.inWork();
    wrote("read", entry, next);
  }

  /** Nobody knows what a read delivered: the owner looks at what is pending again. */
  private void giveUp(Hand hand) {
    if (setup.targets() > 0) {
      hand.lose();
    } else if (!setup.makes(Mistake.READ_SENT_AGAIN)) {
      hand.phase = Phase.TAKING;
    }
  }

  /** A read arrives that its sender has given up. */
  private void readLate() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition partition = next.redis[p];
    boolean delivers = isFenced(partition, hand.lateGrant, hand.lateFence);
    hand.lateGrant = 0;
    hand.lateFence = 0;
    int entry = delivers ? deliver(partition) : -1;
    if (entry < 0) {
      step("read (late, of nothing)", next);
    } else {
      wrote("read (late)", entry, next);
    }
  }

  /** Whether Redis delivers: the fence of a read goes with the grant, or with the next look. */
  private boolean isFenced(Partition partition, int grant, int fence) {
    return setup.makes(Mistake.READ_WITHOUT_FENCE)
        || (isGrantOf(partition, grant) && partition.fence == fence);
  }

  /** Returns the entry that is delivered; -1 if there is none. */
  private static int deliver(Partition partition) {
    int unread = partition.stream >> partition.delivered;
    if (unread == 0) {
      return -1;
    }
    int entry = partition.delivered + Integer.numberOfTrailingZeros(unread);
    partition.delivered = entry + 1;
    partition.pending |= 1 << entry;
    return entry;
  }

  /** Stops to read and to begin, because another worker is to have the partition. */
  private void revoke() {
    State next = next();
    next.hands[w][p].phase = Phase.REVOKING;
    next.hands[w][p].waiting = 0;
    fault(Fault.MOVE, "revoke", -1, next);
  }

  /** Gives the lease up, when the handlers have ended or have had their time. */
  private void release() {
    State next = next();
    Hand hand = next.hands[w][p];
    boolean hangs = hand.running != 0 && !setup.makes(Mistake.MOVE_WITHOUT_DRAIN);
    if (hangs && !has(Fault.HANG)) {
      return;
    }
    if (isOurs(hand, next.redis[p])) {
      next.redis[p].left = 0;
    }
    if (hangs) {
      hand.lose();
      faultAfterWrite(Fault.HANG, "release, a handler hangs", -1, next);
      return;
    }
    if (hand.running == 0) {
      hand.lose();
    }
    wrote("release", next);
  }

  /**
   * Makes the lease last longer, also one that ran out and nobody took. A failover may lose that,
   * so its owner counts on what Redis had before. Tells what Redis counted, too: an owner that has
   * nothing to do would not hear of it otherwise.
   */
  private void renew() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition partition = next.redis[p];
    if (!isOurs(hand, partition)) {
      hand.lose();
      step("renew (the lease is lost)", next);
      return;
    }
    if (isCountedOtherwise(hand, partition) && !setup.makes(Mistake.IDLE_UNCHECKED)) {
      hand.lose();
      step("renew (counted otherwise)", next);
      return;
    }
    boolean trusted = setup.makes(Mistake.RENEWAL_TRUSTED_AT_ONCE);
    hand.left = trusted ? Clock.TERM : partition.left;
    partition.left = Clock.TERM;
    hand.renewed = true;
    wrote("renew", next);
  }
}
