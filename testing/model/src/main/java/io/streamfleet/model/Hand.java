package io.streamfleet.model;

import java.nio.ByteBuffer;

/** What one worker believes of one partition, and has of it. */
final class Hand {

  /** Packed. */
  static final int BYTES = 16;

  /** How far a worker is with a partition. */
  enum Phase {
    /** It has nothing to do with it. */
    NONE,
    /** It has the lease, and not yet what is pending. */
    TAKING,
    /** It reads and handles. */
    OWNING,
    /** It gives the partition away: nothing is begun any more. */
    REVOKING,
    /** It knows that the lease is gone, and waits for its handlers to end. */
    LOST
  }

  private static final Phase[] PHASES = Phase.values();

  Phase phase = Phase.NONE;

  /** Its token. */
  int grant;

  int epoch;

  /** Entries that wait in their lanes. */
  int waiting;

  /** Entries whose handlers run. */
  int running;

  /** Entries whose handlers ended and that are not settled. */
  int done;

  /** Entries that this splitter appended under its grant, or found there. */
  int appended;

  /** Looks at what is pending, each of which made a fence of that number. */
  int looks;

  /** A read that was given up and is still on its way to Redis: its token, or 0, and its fence. */
  int lateGrant;

  int lateFence;

  /** Settlements that Redis took, as far as it knows. */
  int settlements;

  /** Turns of the clock for which the lease surely is its own. */
  int left;

  /** Whether it renewed since the clock turned. */
  boolean renewed;

  /** The settlement on its way to Redis: its token, or 0; it may outlive what it was sent for. */
  int sentGrant;

  int sentNumber;
  int sent;

  /** Whether it believes that the partition is its own. */
  boolean believes() {
    return phase == Phase.TAKING || phase == Phase.OWNING || phase == Phase.REVOKING;
  }

  /** Entries with which it is further than to wait in their lanes. */
  int inWork() {
    return running | done | (awaitsAnswer() ? sent : 0);
  }

  /** Whether it may begin with what it has: it has taken what is pending, or did so before. */
  boolean begins() {
    return phase == Phase.OWNING || (phase == Phase.TAKING && looks > 0);
  }

  /** Whether a settlement of the present grant is on its way. */
  boolean awaitsAnswer() {
    return sentGrant == grant && sentGrant != 0;
  }

  /** Forgets all but what is on its way and whose handlers run. */
  void lose() {
    phase = running == 0 ? Phase.NONE : Phase.LOST;
    grant = 0;
    epoch = 0;
    waiting = 0;
    done = 0;
    appended = 0;
    looks = 0;
    settlements = 0;
    left = 0;
    renewed = false;
  }

  /** The process is gone; what it sent is not. */
  void die() {
    running = 0;
    lose();
  }

  @SuppressWarnings("EnumOrdinal") // not kept beyond the process
  void pack(ByteBuffer to) {
    to.put((byte) phase.ordinal()).put((byte) grant).put((byte) epoch);
    to.put((byte) waiting).put((byte) running).put((byte) done).put((byte) appended);
    to.put((byte) looks).put((byte) settlements).put((byte) left).put((byte) (renewed ? 1 : 0));
    to.put((byte) sentGrant).put((byte) sentNumber).put((byte) sent);
    to.put((byte) lateGrant).put((byte) lateFence);
  }

  static Hand unpack(ByteBuffer from) {
    Hand hand = new Hand();
    hand.phase = PHASES[from.get()];
    hand.grant = from.get();
    hand.epoch = from.get();
    hand.waiting = from.get();
    hand.running = from.get();
    hand.done = from.get();
    hand.appended = from.get();
    hand.looks = from.get();
    hand.settlements = from.get();
    hand.left = from.get();
    hand.renewed = from.get() == 1;
    hand.sentGrant = from.get();
    hand.sentNumber = from.get();
    hand.sent = from.get();
    hand.lateGrant = from.get();
    hand.lateFence = from.get();
    return hand;
  }
}
