package io.streamfleet.worker.entry;

/** Why a handler is interrupted. */
public enum Interruption {
  /** A user stopped the entry, or its channel. */
  CANCELLED,
  /** The channel's lock is not ours any more, or not surely. */
  LOCK_LOST,
  /** Another consumer owns the entry now, or it was settled. */
  ENTRY_LOST,
  /** The grace period of the worker's end is over. */
  DRAINING
}
