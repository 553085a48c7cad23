package io.streamfleet.process.log;

/**
 * Keeps the user and password of a URL out of the log: {@code redis://user:secret@host} becomes
 * {@code redis://***@host}.
 *
 * <p>It reads more into a URL than the standard does: the secret ends at the last {@code @} before
 * a space, a control character, or one of {@code " < > `}. A password with an unescaped slash is
 * what a failing parser quotes, so better to hide a little too much.
 */
final class CredentialMask {

  private static final String MASK = "***";

  private CredentialMask() {}

  /** The text without them; the same object when there are none, which costs one search. */
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
