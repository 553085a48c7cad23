package io.streamfleet.worker.handle;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntPredicate;

/** Percent-encoding by RFC 3986 section 2.1: of UTF-8 bytes, with upper-case digits. */
final class PercentEncoding {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private PercentEncoding() {}

  /**
   * Encodes every character that is not plain.
   *
   * @param plain whether a code point is left as it is; must be false for all beyond ASCII
   */
  static String encode(String text, IntPredicate plain) {
    if (isPlain(text, plain)) {
      return text;
    }
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            character -> {
              if (plain.test(character)) {
                encoded.appendCodePoint(character);
              } else {
                for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                  encoded.append('%').append(HEX.toHexDigits(octet));
                }
              }
            });
    return encoded.toString();
  }

  /** Spares the builder: nearly every text is plain, and each request has several. */
  private static boolean isPlain(String text, IntPredicate plain) {
    for (int i = 0; i < text.length(); i++) {
      if (!plain.test(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** RFC 3986 section 2.3: characters that need no encoding in any part of a URI. */
  static boolean unreserved(int character) {
    return isLetter(character) || isDigit(character) || "-._~".indexOf(character) >= 0;
  }

  static boolean isLetter(int character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
  }

  static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }
}
