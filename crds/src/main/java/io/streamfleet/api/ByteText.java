package io.streamfleet.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of a number of bytes in a manifest: a whole number with a unit. */
public final class ByteText {

  /** Limits the digits so that every valid text fits 64 bits. */
  public static final String PATTERN = "^([1-9][0-9]{0,5})(Ki|Mi|Gi)$";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  private ByteText() {}

  /**
   * Parses a text such as {@code 16Mi}.
   *
   * @throws IllegalArgumentException if it is invalid
   */
  public static long parse(String text) {
    Matcher matcher = COMPILED.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a number of bytes such as 512Ki, 16Mi or 1Gi");
    }
    int shift =
        switch (matcher.group(2)) {
          case "Ki" -> 10;
          case "Mi" -> 20;
          default -> 30;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }
}
