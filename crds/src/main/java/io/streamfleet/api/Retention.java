package io.streamfleet.api;

/** What becomes of the entries of a stream that were handled. */
public enum Retention {
  /** They stay for as long as those who publish to the stream keep them. */
  Publisher,
  /** They go: the fleet trims the stream up to the oldest entry that any of its groups needs. */
  Acknowledged
}
