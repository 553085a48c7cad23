package io.streamfleet.worker.partition;

/** A lease that was granted to this worker, and how far it is with it. Belongs to the loop. */
final class Holding {

  /** From the grant on. */
  enum Phase {
    /** The lease is ours, and replicas may lack it. */
    GRANTED,
    /** Entries are read and begun. */
    HELD,
    /** Another worker is to have it: what was begun ends. */
    REVOKED,
    /** It is another's, or to be acquired anew: handlers end, and nothing is settled. */
    LOST
  }

  final Grant grant;
  private Phase phase = Phase.GRANTED;
  private long surelyUntil;

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

  /** Until when nobody else can have the lease, by the loop's clock. */
  void surelyUntil(long at) {
    surelyUntil = at;
  }

  /** Whether entries may be begun at a time. */
  boolean isSure(long at) {
    return phase == Phase.HELD && at - surelyUntil < 0;
  }
}
