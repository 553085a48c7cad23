package io.streamfleet.api;

/** What becomes of an answer for a platform that the resource does not serve. */
public enum UnservedPlatforms {
  /** It is appended: others may serve the platform. The log tells if nobody reads its stream. */
  Warn,
  /** The message that was answered becomes a dead letter, and nothing is emitted for it. */
  Refuse
}
