package io.streamfleet.api;

/** Which consumer names are removed from the groups. */
public enum ConsumerCleanup {
  /** Only empty names of this resource's own pods that are gone. */
  Own,
  /** Any empty name that has been idle for longer than {@code idleFor}. */
  Idle
}
