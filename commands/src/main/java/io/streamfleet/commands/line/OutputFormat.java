package io.streamfleet.commands.line;

/** For whom a command prints. */
public enum OutputFormat {
  /** A person. */
  TEXT,
  /** A program: one JSON object a line. */
  JSON
}
