package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Formats values for people. */
public final class Text {

  /** Printed in place of a missing value. */
  public static final String NOTHING = "-";

  private Text() {}

  /**
   * Escapes control and format characters, as a terminal would interpret them: errors and names can
   * contain anything.
   */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    out.append(String.format(Locale.ROOT, "\\u%04x", c));
                default -> out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /** Shortens a text to at most {@code most} characters, the last of which is an ellipsis then. */
  public static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /**
   * An age in its two largest units, such as {@code 3d4h}, {@code 12m5s} or {@code 0s}; negative
   * ages are {@code 0s}.
   */
  public static String age(Duration age) {
    Duration whole = age.isNegative() ? Duration.ZERO : age;
    if (whole.toDays() > 0) {
      return whole.toDays() + "d" + whole.toHoursPart() + "h";
    }
    if (whole.toHours() > 0) {
      return whole.toHours() + "h" + whole.toMinutesPart() + "m";
    }
    if (whole.toMinutes() > 0) {
      return whole.toMinutes() + "m" + whole.toSecondsPart() + "s";
    }
    return whole.toSeconds() + "s";
  }

  /** {@code 1 dead letter}, {@code 12,000 dead letters}. */
  public static String letters(long count) {
    return number(count) + (count == 1 ? " dead letter" : " dead letters");
  }

  /** Prints a line with the name and the value of a field. */
  public static void field(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "%-20s %s%n", printable(name), printable(value));
  }

  /** {@code once}, {@code twice}, {@code 3 times}. */
  public static String times(long count) {
    return count == 1 ? "once" : count == 2 ? "twice" : number(count) + " times";
  }

  /** The name of a constant in lower case, such as {@code dead_lettered}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  public static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
