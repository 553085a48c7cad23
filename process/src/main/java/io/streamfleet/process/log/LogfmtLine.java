package io.streamfleet.process.log;

import org.jspecify.annotations.Nullable;

/** Writes {@code key=value}, with quotes around the value where they are needed. */
final class LogfmtLine implements LineWriter {

  private final StringBuilder out;
  private boolean first = true;

  LogfmtLine(StringBuilder out) {
    this.out = out;
  }

  @Override
  public void field(String key, @Nullable Object value) {
    if (!first) {
      out.append(' ');
    }
    first = false;
    out.append(key).append('=');
    if (value instanceof String text && needsQuotes(text)) {
      Escape.quoted(out, text);
    } else {
      out.append(value);
    }
  }

  @Override
  public void end() {
    out.append('\n');
  }

  private static boolean needsQuotes(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '=' || Escape.isNeededFor(c)) {
        return true;
      }
    }
    // The bare word null means an absent value.
    return text.isEmpty() || text.equals("null");
  }
}
