package io.streamfleet.api;

/** Which consumers are deleted from the groups. */
public enum ConsumerCleanup {
  /** Only consumers of this resource's own pods that are gone, if they have no pending entries. */
  Own,
  /** Any consumer without pending entries that has been idle for longer than {@code idleFor}. */
  Idle
}
