package io.streamfleet.worker.cli;

/** For whom a command prints. */
enum OutputFormat {
  /** A person. */
  TEXT,
  /** A program: one JSON object a line. */
  JSON
}
