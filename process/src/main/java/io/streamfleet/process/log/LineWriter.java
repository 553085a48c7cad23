package io.streamfleet.process.log;

import org.jspecify.annotations.Nullable;

/** Writes the fields of one event in order, on one line. */
sealed interface LineWriter permits LogfmtLine, JsonLine {

  /**
   * Writes one field.
   *
   * @param key of letters, digits, {@code _ . - /} only
   * @param value numbers and booleans keep their type where the format has types; anything else is
   *     text without credentials
   */
  void field(String key, @Nullable Object value);

  /** Ends the line, with its line break. */
  void end();
}
