package io.streamfleet.api;

/** The built-in handlers of the worker. */
public enum Builtin {
  /** Logs the entry's id, channel and size, never its payload. */
  Log,
  /** Emits the payload to the platform of the entry. */
  Echo,
  /** Does nothing. */
  Discard
}
