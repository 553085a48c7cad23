package io.streamfleet.api;

/** The handlers that come with the worker. */
public enum Builtin {
  /** Logs the entry's id, channel and size, never its payload. */
  Log,
  /** Emits the payload to the entry's own platform. */
  Echo,
  /** Does nothing. */
  Discard
}
