package io.streamfleet.process.log;

import org.jspecify.annotations.Nullable;

/** Writes the fields of one event, in order, so that they stay on one line. */
sealed interface LineWriter permits LogfmtLine, JsonLine {

  /**
   * Writes one field.
   *
   * @param key of letters, digits, {@code _ . - /} only
   * @param value a number or a boolean keeps its type where the format has types; anything else is
   *     text already made safe to show
   */
  void field(String key, @Nullable Object value);

  /** Ends the line, its line break included. */
  void end();
}
