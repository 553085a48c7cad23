package io.streamfleet.process.log;

/**
 * Masks user and password of URLs in the log: {@code redis://user:secret@host} becomes {@code
 * redis://***@host}.
 *
 * <p>It masks more than the URL standard requires: everything up to the last {@code @} before a
 * space, a control character, or one of {@code " < > `}. An unescaped slash in a password is a
 * common reason for a parser's error message, which quotes the URL.
 */
final class CredentialMask {

  private static final String MASK = "***";

  private CredentialMask() {}

  /** The masked text; the same object, after one search, when there is nothing to mask. */
  static String masked(String text) {
    if (text.indexOf('@') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    int slashes = text.indexOf("//");
    while (slashes >= 0) {
      int start = slashes + 2;
      int end = endOfUrl(text, start);
      int at = text.lastIndexOf('@', end - 1);
      if (at >= start) {
        out.append(text, copied, start).append(MASK);
        copied = at;
      }
      slashes = text.indexOf("//", end);
    }
    return out.append(text, copied, text.length()).toString();
  }

  private static int endOfUrl(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) > ' ' && "\"<>`".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }
}
