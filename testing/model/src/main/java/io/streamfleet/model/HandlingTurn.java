package io.streamfleet.model;

import io.streamfleet.model.Hand.Phase;
import io.streamfleet.model.Setup.Fault;
import org.jspecify.annotations.Nullable;

/** How a worker handles and settles the entries of a partition. */
final class HandlingTurn extends Turn {

  HandlingTurn(Of of) {
    super(of);
  }

  void all(Hand hand, boolean lives) {
    // What was sent arrives whether or not its sender lives.
    if (hand.sentGrant != 0) {
      settle();
    }
    if (!lives) {
      return;
    }
    if (hand.begins()) {
      each(hand.waiting, entry -> begin(hand, entry));
    }
    each(hand.running, this::end);
    if (hand.done != 0 && !hand.awaitsAnswer()) {
      send();
    }
  }

  /** Begins the oldest entry of a channel that waits, while the lease surely is ours. */
  private void begin(Hand hand, int entry) {
    int before = setup.olderInChannel(entry);
    if ((hand.waiting & before) != 0 || (hand.running & setup.ofChannel(entry)) != 0) {
      return;
    }
    if (hand.left == 0 && !setup.makes(Mistake.BEGIN_WITHOUT_CLOCK)) {
      return;
    }
    State next = next();
    String broken = brokenByBegin(next, entry);
    if (broken != null) {
      to.violation(action("begin", entry), broken);
      return;
    }
    next.hands[w][p].waiting &= ~(1 << entry);
    next.hands[w][p].running |= 1 << entry;
    step("begin", entry, next);
  }

  private @Nullable String brokenByBegin(State state, int entry) {
    if ((state.forgotten >> entry & 1) == 1) {
      return null;
    }
    if ((state.redis[p].settled() & setup.youngerInChannel(entry)) != 0) {
      return "an entry is handled after a younger one of its channel that is settled";
    }
    int skipped = setup.olderInChannel(entry) & ~state.handled & ~state.forgotten;
    if (skipped != 0) {
      return "an entry is handled before an older one of its channel was";
    }
    for (int other = 0; other < setup.workers(); other++) {
      Hand hand = state.hands[other][p];
      boolean excused = !hand.believes() || hand.left == 0;
      int beside = hand.running & setup.ofChannel(entry) & ~state.forgotten;
      if (other != w && !excused && beside != 0) {
        return "two workers handle one channel, and none of them was stopped";
      }
    }
    return null;
  }

  /** A handler ends: well, or for the last time. Or it fails and is to be tried again. */
  private void end(int entry) {
    State next = next();
    Hand hand = next.hands[w][p];
    hand.running &= ~(1 << entry);
    if (has(Fault.FAILURE) && hand.phase == Phase.OWNING) {
      State failed = copy(next);
      failed.hands[w][p].waiting |= 1 << entry;
      fault(Fault.FAILURE, "fail", entry, failed);
    }
    next.handled |= 1 << entry;
    if (hand.believes()) {
      hand.done |= 1 << entry;
    } else if (hand.running == 0) {
      hand.phase = Phase.NONE;
    }
    step("end", entry, next);
  }

  /** Sends what ended to be acknowledged or written to the dead letters. */
  private void send() {
    State next = next();
    Hand hand = next.hands[w][p];
    hand.sentGrant = hand.grant;
    hand.sentNumber = hand.settlements + 1;
    hand.sent = hand.done;
    hand.done = 0;
    step("send", next);
  }

  /** Redis takes a settlement, if it is of the lease there is and the next one of it. */
  private void settle() {
    State next = next();
    Hand hand = next.hands[w][p];
    Partition partition = next.redis[p];
    boolean unchecked = setup.makes(Mistake.SETTLE_WITHOUT_LEASE);
    boolean uncounted = unchecked || setup.makes(Mistake.SETTLEMENTS_NOT_COUNTED);
    boolean again = partition.settlements == hand.sentNumber && !uncounted;
    boolean due = partition.settlements == hand.sentNumber - 1 || uncounted;
    if (!isGrantOf(partition, hand.sentGrant) && !unchecked) {
      answered(next, "settle (the lease is lost)", false);
    } else if (again) {
      answered(next, "settle (once more)", true);
    } else if (!due) {
      answered(next, "settle (counted otherwise)", false);
    } else if ((hand.sent & ~partition.pending) != 0 && !setup.makes(Mistake.SETTLED_IN_VAIN)) {
      answered(next, "settle (an entry is not pending)", false);
    } else {
      acknowledge(next);
    }
  }

  private void acknowledge(State next) {
    Hand hand = next.hands[w][p];
    Partition partition = next.redis[p];
    if ((partition.pending & hand.sent) != 0 && partition.grant != hand.sentGrant) {
      to.violation(action("settle"), "an entry is settled by who has not got the lease");
      return;
    }
    if ((partition.pending & hand.sent & ~next.handled) != 0) {
      to.violation(action("settle"), "an entry is settled that was not handled");
      return;
    }
    partition.pending &= ~hand.sent;
    partition.settlements = hand.sentNumber;
    if (has(Fault.LOST_ANSWER)) {
      faultAfterWrite(Fault.LOST_ANSWER, "settle, its answer lost", -1, copy(next));
    }
    hand.settlements = hand.awaitsAnswer() ? hand.sentNumber : hand.settlements;
    arrived(hand);
    wrote("settle", next);
  }

  private void answered(State next, String name, boolean taken) {
    Hand hand = next.hands[w][p];
    if (hand.awaitsAnswer()) {
      if (taken) {
        hand.settlements = hand.sentNumber;
      } else {
        hand.lose();
      }
    }
    arrived(hand);
    step(name, next);
  }

  private static void arrived(Hand hand) {
    hand.sentGrant = 0;
    hand.sentNumber = 0;
    hand.sent = 0;
  }
}
