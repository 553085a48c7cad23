package io.streamfleet.worker.channel;

/** The state of a lane. */
enum LaneState {
  /** It has work; the lock is acquired at the end of this turn, or when a check has ended. */
  WANTS_LOCK,
  /** The call that acquires the lock is in progress. */
  ASKING,
  /** It holds the lock, with work or for a moment without. */
  HELD,
  /** Its entries are being handed over to the holder of the lock. */
  HANDING_OVER,
  /** The lock cannot be had, and its entries are parked: a foreign holder, or a refused key. */
  PARKED,
  /** Its handler is unavailable: it has work and no lock. */
  HELD_BACK,
  /** It released the lock for a moment, so that other workers get it. */
  RESTING,
  /** It has no work and was removed. */
  CLOSED
}
