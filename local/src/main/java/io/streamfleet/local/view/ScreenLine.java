package io.streamfleet.local.view;

/** One line of a screen. */
public record ScreenLine(Tone tone, String text) {

  /** The style of a line. */
  public enum Tone {
    PLAIN,
    HEADING,
    FAINT,
    GOOD,
    BAD
  }
}
