package io.streamfleet.worker.partition;

/**
 * A lease that was granted to this worker, and how far it is with it. Belongs to the loop, but for
 * {@link #isSure}.
 */
final class Holding {

  /** In the order in which a holding passes through them. */
  enum Phase {
    /** The lease was acquired; replicas may not have it yet. */
    GRANTED,
    /** Entries are read and started. */
    HELD,
    /** The partition is assigned to another worker: handlers that run end. */
    REVOKED,
    /** The lease was lost, or must be acquired again: handlers end, and nothing is settled. */
    LOST
  }

  final Grant grant;
  private volatile Phase phase = Phase.GRANTED;
  private volatile long surelyUntil;

  Holding(Grant grant, long surelyUntil) {
    this.grant = grant;
    this.surelyUntil = surelyUntil;
  }

  boolean is(Phase other) {
    return phase == other;
  }

  void become(Phase next) {
    phase = next;
  }

  /** Sets until when no other worker can have the lease, in the loop's nanoseconds. */
  void surelyUntil(long at) {
    surelyUntil = at;
  }

  /** Whether entries may be begun at a time. Safe for any thread. */
  boolean isSure(long at) {
    return phase == Phase.HELD && at - surelyUntil < 0;
  }
}
