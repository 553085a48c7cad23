package io.streamfleet.worker.entry;

/** Why a handler is interrupted. */
public enum Interruption {
  /** A user cancelled the entry, or all of its channel. */
  CANCELLED,
  /** This worker lost the channel's lock, or cannot be sure that it still holds it. */
  LOCK_LOST,
  /** The entry is pending for another consumer now, or was settled. */
  ENTRY_LOST,
  /** The worker drains, and its grace period is over. */
  DRAINING
}
