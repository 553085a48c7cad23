package io.streamfleet.commands.line;

/** The output format of a command. */
public enum OutputFormat {
  /** Text for people. */
  TEXT,
  /** One JSON object per line, for programs. */
  JSON
}
