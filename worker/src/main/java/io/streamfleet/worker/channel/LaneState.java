package io.streamfleet.worker.channel;

/** What a lane waits for, if anything. */
enum LaneState {
  /** It has work and asks for the lock at the end of this turn. */
  WANTS_LOCK,
  /** Its question is on its way to Redis. */
  ASKING,
  /** The lock is ours: it works, or lingers without work. */
  HELD,
  /** Its entries are on their way to who holds the lock. */
  HANDING_OVER,
  /** Somebody who is not Streamfleet holds the lock: its entries are known by id only. */
  PARKED,
  /** Its handler is unavailable: it has work and no lock. */
  HELD_BACK,
  /** It gave the lock up for a moment, so that others get a turn. */
  RESTING,
  /** Nothing is left of it. */
  CLOSED
}
