package io.streamfleet.api;

/** What happens to a handler's message for a platform that the resource does not serve. */
public enum UnservedPlatforms {
  /**
   * It is appended, since others may serve the platform. The log warns if nobody reads its stream.
   */
  Warn,
  /** The handled message becomes a dead letter, and nothing is emitted. */
  Refuse
}
