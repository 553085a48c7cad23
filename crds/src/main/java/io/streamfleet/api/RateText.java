package io.streamfleet.api;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a rate is written in a manifest: a number, a stroke, and in which time. */
public final class RateText {

  /** The digits are few enough for every sum with such a rate to fit 64 bits. */
  public static final String PATTERN = "^([1-9][0-9]{0,6})/([1-9][0-9]{0,3})?(ms|s|m|h)$";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  /**
   * A rate.
   *
   * @param count how many
   * @param in in which time
   */
  public record Rate(long count, Duration in) {

    /** The time from one to the next, in nanoseconds, if they come evenly. */
    public double nanosBetween() {
      return (double) in.toNanos() / count;
    }
  }

  private RateText() {}

  /**
   * Reads a text such as {@code 50/s} or {@code 5/10s}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Rate parse(String text) {
    Matcher matcher = COMPILED.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a rate such as 50/s, 5/10s or 100/m");
    }
    long units = matcher.group(2) == null ? 1 : Long.parseLong(matcher.group(2));
    Duration in =
        switch (matcher.group(3)) {
          case "ms" -> Duration.ofMillis(units);
          case "s" -> Duration.ofSeconds(units);
          case "m" -> Duration.ofMinutes(units);
          default -> Duration.ofHours(units);
        };
    return new Rate(Long.parseLong(matcher.group(1)), in);
  }
}
