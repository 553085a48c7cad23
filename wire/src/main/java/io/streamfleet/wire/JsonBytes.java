package io.streamfleet.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON as UTF-8 bytes, written by one who knows its grammar: commas and brackets are the caller's.
 * Ours because the text of a payload is UTF-8 already: a generator of a library would have it
 * decoded to a {@code String} and encoded again, which was most of what a message cost over HTTP.
 */
final class JsonBytes {

  /** What only counts keeps so much at a time. */
  private static final int COUNTING = 8 * 1024;

  /** Arrays of a few more have no room for their header (as in java.util.ArrayList). */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** By RFC 8259, section 7: 0 as it is, 'u' by its number, else by this letter. */
  private static final byte[] ESCAPES = new byte[256];

  /** {@code \\u00XX} for each byte of a text. */
  private static final int LONGEST_ESCAPE = 6;

  static {
    Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\t'] = 't';
    ESCAPES['\n'] = 'n';
    ESCAPES['\f'] = 'f';
    ESCAPES['\r'] = 'r';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

  private final boolean counts;
  private byte[] bytes;
  private int at;
  private long counted;

  private JsonBytes(boolean counts, int capacity) {
    this.counts = counts;
    this.bytes = new byte[capacity];
  }

  /** Keeps what is written; it grows beyond its capacity. */
  static JsonBytes withCapacity(int capacity) {
    return new JsonBytes(false, capacity);
  }

  /** Keeps nothing but the length of what is written. */
  static JsonBytes counting() {
    return new JsonBytes(true, COUNTING);
  }

  /** How many bytes were written. */
  long length() {
    return counted + at;
  }

  /** What was written: the array itself where it is full. */
  byte[] toByteArray() {
    return at == bytes.length ? bytes : Arrays.copyOf(bytes, at);
  }

  private void ensure(int more) {
    if (more <= bytes.length - at) {
      return;
    }
    if (counts) {
      counted += at;
      at = 0;
    } else {
      int needed = Math.addExact(at, more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * at, needed), LONGEST));
    }
  }

  void put(char ascii) {
    ensure(1);
    bytes[at++] = (byte) ascii;
  }

  /** Writes ASCII as it is. */
  @SuppressWarnings("deprecation") // the one that copies ASCII without an encoder
  void ascii(String text) {
    for (int from = 0; from < text.length(); from += COUNTING) {
      int to = Math.min(text.length(), from + COUNTING);
      ensure(to - from);
      text.getBytes(from, to, bytes, at);
      at += to - from;
    }
  }

  /** Writes ASCII that needs no escape, in quotes. */
  void quoted(String ascii) {
    put('"');
    ascii(ascii);
    put('"');
  }

  /** Writes a text that is well-formed UTF-8, in quotes. */
  void text(byte[] data, int from, int to) {
    put('"');
    int plain = from;
    for (int i = from; i < to; i++) {
      byte escape = ESCAPES[data[i] & 0xff];
      if (escape != 0) {
        copy(data, plain, i);
        escape(data[i], escape);
        plain = i + 1;
      }
    }
    copy(data, plain, to);
    put('"');
  }

  private void copy(byte[] data, int from, int to) {
    int next = from;
    while (next < to) {
      int count = counts ? Math.min(to - next, COUNTING) : to - next;
      ensure(count);
      System.arraycopy(data, next, bytes, at, count);
      at += count;
      next += count;
    }
  }

  private void escape(byte character, byte escape) {
    ensure(LONGEST_ESCAPE);
    bytes[at++] = '\\';
    bytes[at++] = escape;
    if (escape == 'u') {
      bytes[at++] = '0';
      bytes[at++] = '0';
      bytes[at++] = HEX[character >> 4];
      bytes[at++] = HEX[character & 0xf];
    }
  }
}
