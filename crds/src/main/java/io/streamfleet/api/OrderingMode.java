package io.streamfleet.api;

/** Which entries wait for each other. */
public enum OrderingMode {
  /** Entries of one channel run one at a time, in stream order, under the channel's lock. */
  Channel,
  /** No entry waits for another. */
  None
}
