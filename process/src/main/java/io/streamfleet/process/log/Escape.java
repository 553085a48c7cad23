package io.streamfleet.process.log;

/**
 * Text in double quotes with the escapes of JSON, for both formats. Besides what JSON requires it
 * escapes what some readers take for a line break or a command: DEL, the C1 controls (U+0085 is a
 * line break), U+2028 and U+2029; and lone surrogates, which UTF-8 can't encode.
 */
final class Escape {

  private static final String HEX = "0123456789abcdef";

  private Escape() {}

  static boolean isNeededFor(char c) {
    return c < ' '
        || c == '"'
        || c == '\\'
        || (c >= 0x7f && c <= 0x9f)
        || c == '\u2028'
        || c == '\u2029'
        || Character.isSurrogate(c);
  }

  static void quoted(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isNeededFor(c)) {
        out.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        escaped(out, c);
      }
    }
    out.append('"');
  }

  private static void escaped(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt((c >> shift) & 0xf));
        }
      }
    }
  }
}
