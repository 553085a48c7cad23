package io.streamfleet.api;

/** Which entries are handled in order. */
public enum OrderingMode {
  /**
   * Entries of one channel are handled one at a time, in stream order, under the channel's lock.
   */
  Channel,
  /** All entries are handled in parallel. */
  None
}
