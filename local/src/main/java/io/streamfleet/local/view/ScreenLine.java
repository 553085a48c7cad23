package io.streamfleet.local.view;

/** One line of a screen. */
public record ScreenLine(Tone tone, String text) {

  /** How a line is to look. */
  public enum Tone {
    PLAIN,
    HEADING,
    FAINT,
    GOOD,
    BAD
  }
}
