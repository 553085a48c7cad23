package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Reads single values of a msgpack payload that was found well-formed. */
final class MsgpackValue {

  private MsgpackValue() {}

  /** Whether the value is true in Python. */
  static boolean isTrue(byte[] data, int at) {
    int type = data[at] & 0xff;
    return switch (type) {
      case 0x00, 0x80, 0x90, 0xa0, 0xc0, 0xc2 -> false;
      case 0xc4, 0xcc, 0xd0, 0xd9 -> data[at + 1] != 0;
      case 0xc5, 0xcd, 0xd1, 0xda, 0xdc, 0xde -> BigEndian.int16(data, at + 1) != 0;
      case 0xc6, 0xce, 0xd2, 0xdb, 0xdd, 0xdf -> BigEndian.int32(data, at + 1) != 0;
      case 0xcf, 0xd3 -> BigEndian.int64(data, at + 1) != 0;
      case 0xca, 0xcb -> float64(data, at) != 0; // NaN is true
      default -> true; // an extension is an object in Python, and true even if it is empty
    };
  }

  /** The value as Python's {@code str()} prints it, if it is text, a number or a boolean. */
  static @Nullable String text(byte[] data, int at) {
    int type = data[at] & 0xff;
    if (type < 0x80 || type >= 0xe0) {
      return Integer.toString(data[at]);
    }
    if ((type & 0xe0) == 0xa0) {
      return new String(data, at + 1, type & 0x1f, UTF_8);
    }
    return switch (type) {
      case 0xc2 -> "False";
      case 0xc3 -> "True";
      case 0xca, 0xcb -> PythonText.of(float64(data, at));
      case 0xcc -> Integer.toString(BigEndian.uint8(data, at + 1));
      case 0xcd -> Integer.toString(BigEndian.uint16(data, at + 1));
      case 0xce -> Long.toString(BigEndian.uint32(data, at + 1));
      case 0xcf -> Long.toUnsignedString(BigEndian.int64(data, at + 1));
      case 0xd0 -> Integer.toString(data[at + 1]);
      case 0xd1 -> Integer.toString(BigEndian.int16(data, at + 1));
      case 0xd2 -> Integer.toString(BigEndian.int32(data, at + 1));
      case 0xd3 -> Long.toString(BigEndian.int64(data, at + 1));
      case 0xd9 -> new String(data, at + 2, BigEndian.uint8(data, at + 1), UTF_8);
      case 0xda -> new String(data, at + 3, BigEndian.uint16(data, at + 1), UTF_8);
      case 0xdb -> new String(data, at + 5, BigEndian.int32(data, at + 1), UTF_8);
      default -> null;
    };
  }

  /** The length of a text value in bytes; 0 if it is not text, or if {@code at} is 0. */
  static long textLength(byte[] data, int at) {
    return switch (at == 0 ? 0 : data[at] & 0xff) {
      // Shorter ones are always within the limit.
      case 0xda -> BigEndian.uint16(data, at + 1);
      case 0xdb -> BigEndian.uint32(data, at + 1);
      default -> 0;
    };
  }

  /** A float of either width; Python only has the wide one. */
  private static double float64(byte[] data, int at) {
    return (data[at] & 0xff) == 0xca
        ? Float.intBitsToFloat(BigEndian.int32(data, at + 1))
        : Double.longBitsToDouble(BigEndian.int64(data, at + 1));
  }
}
