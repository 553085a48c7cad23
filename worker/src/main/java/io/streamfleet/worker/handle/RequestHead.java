package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of a request, line by line. */
final class RequestHead {

  /** The head of a usual message; it grows for others. */
  private static final int USUAL = 640;

  private byte[] bytes = new byte[USUAL];
  private int length;

  /** Adds lines that were written before. */
  void add(byte[] lines) {
    ensure(lines.length);
    System.arraycopy(lines, 0, bytes, length, lines.length);
    length += lines.length;
  }

  /**
   * Adds a header.
   *
   * @param value printable ASCII; {@link CloudEvent} encodes everything else
   */
  void set(String name, String value) {
    set("", name, value);
  }

  /** Adds a header whose name has a prefix. */
  void set(String prefix, String name, String value) {
    ensure(prefix.length() + name.length() + value.length() + 4);
    ascii(prefix);
    ascii(name);
    bytes[length++] = ':';
    bytes[length++] = ' ';
    ascii(value);
    endOfLine();
  }

  @SuppressWarnings("deprecation") // the one that copies ASCII without an encoder
  private void ascii(String text) {
    text.getBytes(0, text.length(), bytes, length);
    length += text.length();
  }

  private void endOfLine() {
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  /** Adds the empty line, and writes all. */
  void writeTo(ByteBuf out) {
    ensure(2);
    endOfLine();
    out.writeBytes(bytes, 0, length);
  }

  private void ensure(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  /** What was added so far. */
  byte[] lines() {
    return Arrays.copyOf(bytes, length);
  }

  /** Encodes lines that are written once and reused: names are ASCII, values Latin-1. */
  static byte[] lines(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
