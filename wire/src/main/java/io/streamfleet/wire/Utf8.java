package io.streamfleet.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validates UTF-8 in place, as strictly as RFC 3629 and Python: no overlong forms, no surrogates,
 * nothing above U+10FFFF. Decoding to a {@code String} would cost an allocation for each text.
 */
final class Utf8 {

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** The offset of the first malformed sequence from {@code from} to {@code to}, or -1. */
  static int firstMalformed(byte[] data, int from, int to) {
    int at = from;
    while (at < to) {
      if (to - at >= 8 && ((long) EIGHT_BYTES.get(data, at) & NOT_ASCII) == 0) {
        at += 8;
      } else if (data[at] >= 0) {
        at++;
      } else {
        int length = sequence(data, at, to);
        if (length == 0) {
          return at;
        }
        at += length;
      }
    }
    return -1;
  }

  /** The length of the well-formed sequence of two to four bytes at {@code at}, or 0. */
  private static int sequence(byte[] data, int at, int to) {
    int lead = data[at] & 0xff;
    int left = to - at;
    if (lead < 0xc2) {
      return 0;
    }
    if (lead < 0xe0) {
      return left >= 2 && continues(data[at + 1]) ? 2 : 0;
    }
    if (lead < 0xf0) {
      if (left < 3 || !continues(data[at + 1]) || !continues(data[at + 2])) {
        return 0;
      }
      int second = data[at + 1] & 0xff;
      boolean overlong = lead == 0xe0 && second < 0xa0;
      boolean surrogate = lead == 0xed && second > 0x9f;
      return overlong || surrogate ? 0 : 3;
    }
    if (lead > 0xf4
        || left < 4
        || !continues(data[at + 1])
        || !continues(data[at + 2])
        || !continues(data[at + 3])) {
      return 0;
    }
    int second = data[at + 1] & 0xff;
    boolean overlong = lead == 0xf0 && second < 0x90;
    boolean tooLarge = lead == 0xf4 && second > 0x8f;
    return overlong || tooLarge ? 0 : 4;
  }

  private static boolean continues(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
