package io.streamfleet.api;

/** What has a rate of its own. */
public enum LimitPer {
  /** A platform; inbound, the whole of what is read. */
  Platform,
  /** Each channel. */
  Channel
}
