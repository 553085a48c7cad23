package io.streamfleet.process.log;

import org.jspecify.annotations.Nullable;

/** Writes one JSON object (RFC 8259). */
final class JsonLine implements LineWriter {

  private final StringBuilder out;
  private char before = '{';

  JsonLine(StringBuilder out) {
    this.out = out;
  }

  @Override
  public void field(String key, @Nullable Object value) {
    out.append(before);
    before = ',';
    Escape.quoted(out, key);
    out.append(':');
    if (value instanceof String text) {
      Escape.quoted(out, text);
    } else {
      out.append(value);
    }
  }

  @Override
  public void end() {
    out.append("}\n");
  }
}
