package io.streamfleet.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a number of bytes is written in a manifest: whole, with a unit. */
public final class ByteText {

  /** The digits are few enough that every text of this form fits 64 bits. */
  public static final String PATTERN = "^([1-9][0-9]{0,5})(Ki|Mi|Gi)$";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  private ByteText() {}

  /**
   * Reads a text such as {@code 16Mi}.
   *
   * @throws IllegalArgumentException if it is none
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
