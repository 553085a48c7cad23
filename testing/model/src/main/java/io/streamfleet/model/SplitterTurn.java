package io.streamfleet.model;

import io.streamfleet.model.Hand.Phase;
import io.streamfleet.model.Setup.Fault;

/**
 * How a splitter moves the entries of a plain stream to their partitions, under the ids they have.
 * The partitions may be on other nodes than the plain stream, so an append can't look at the lease;
 * it names the entry that the same splitter appended to the partition before.
 */
final class SplitterTurn extends Turn {

  SplitterTurn(Of of) {
    super(of);
  }

  void all(Hand hand, boolean lives) {
    if (hand.sentGrant != 0) {
      append();
    }
    if (lives && hand.phase == Phase.OWNING && hand.waiting != 0 && !hand.awaitsAnswer()) {
      send(Integer.numberOfTrailingZeros(hand.waiting));
    }
    if (lives && hand.done != 0) {
      settle();
    }
  }

  /** Sends the oldest entry to its partition. */
  private void send(int entry) {
    State next = next();
    Hand hand = next.hands[w][p];
    hand.waiting &= ~(1 << entry);
    hand.sentGrant = hand.grant;
    hand.sent = 1 << entry;
    hand.sentNumber = after(hand.appended & setup.besideInTarget(entry));
    step("send", entry, next);
  }

  /** The position behind the last of some entries. */
  private static int after(int entries) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(entries);
  }

  /**
   * The partition takes an entry that is above its last; another one it has already. It takes none
   * whose splitter appended something before that it does not know of any more.
   */
  private void append() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition plain = next.redis[p];
    int entry = Integer.numberOfTrailingZeros(hand.sent);
    int last = after(plain.appended & setup.besideInTarget(entry));
    if (last < hand.sentNumber && !setup.makes(Mistake.APPEND_WITHOUT_CHAIN)) {
      if (hand.awaitsAnswer()) {
        hand.lose();
      }
      arrived(hand);
      step("append (the one before is gone)", entry, next);
      return;
    }
    boolean isNew = entry >= last;
    int older = setup.besideInTarget(entry) & ((1 << entry) - 1) & ~plain.appended;
    if (isNew && (older & ~next.forgotten) != 0) {
      to.violation(action("append", entry), "an entry is appended before an older one");
      return;
    }
    if (isNew) {
      plain.appended |= 1 << entry;
    }
    if (has(Fault.LOST_ANSWER)) {
      faultAfterWrite(Fault.LOST_ANSWER, "append, its answer lost,", entry, copy(next));
    }
    if (hand.awaitsAnswer()) {
      hand.appended |= 1 << entry;
      hand.done |= 1 << entry;
    }
    arrived(hand);
    if (isNew) {
      wrote("append", entry, next);
    } else {
      step("append (it is there)", entry, next);
    }
  }

  private static void arrived(Hand hand) {
    hand.sentGrant = 0;
    hand.sentNumber = 0;
    hand.sent = 0;
  }

  /**
   * Acknowledges in the plain stream what is in the partitions, once their replicas have it and it
   * was seen to be there after that.
   */
  private void settle() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition plain = next.redis[p];
    if (!isOurs(hand, plain) && !setup.makes(Mistake.SETTLE_WITHOUT_LEASE)) {
      hand.lose();
      step("settle (the lease is lost)", next);
      return;
    }
    if (!setup.makes(Mistake.APPEND_NOT_REPLICATED)) {
      Partition[] replica = next.replica;
      if (replica != null && (hand.done & ~replica[p].appended) != 0) {
        return;
      }
      if ((hand.done & ~plain.appended) != 0) {
        hand.lose();
        step("settle (an entry is not there)", next);
        return;
      }
    }
    if ((hand.done & ~plain.appended) != 0) {
      to.violation(action("settle"), "an entry is acknowledged that its partition has not got");
      return;
    }
    plain.pending &= ~hand.done;
    hand.done = 0;
    wrote("settle", next);
  }
}
