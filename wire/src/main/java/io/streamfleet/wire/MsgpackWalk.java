package io.streamfleet.wire;

/** Skips msgpack values and validates each byte on the way. */
final class MsgpackWalk {

  /** The one byte that is no type. */
  static final int NEVER_USED = 0xc1;

  private MsgpackWalk() {}

  /** The offset of the first key of the payload's map. */
  static int afterMapHeader(byte[] data) {
    return switch (data[0] & 0xff) {
      case 0xde -> 3;
      case 0xdf -> 5;
      default -> 1;
    };
  }

  /** The number of pairs in the payload's map. */
  static int mapSize(byte[] data) throws Undecodable {
    int type = data[0] & 0xff;
    if ((type & 0xf0) == 0x80) {
      return type & 0x0f;
    }
    return switch (type) {
      case 0xde -> int16(data, 1);
      case 0xdf -> {
        int size = int32(data, 1);
        enter(data, 5, size, 0);
        yield size;
      }
      case NEVER_USED -> throw neverUsed(0);
      default -> throw Undecodable.payload(0, "not a map");
    };
  }

  /** The offset of the first character of a text whose header is at {@code at}. */
  static int textStart(byte[] data, int at) throws Undecodable {
    if (at >= data.length) {
      throw cutShort(at);
    }
    int type = data[at] & 0xff;
    if ((type & 0xe0) == 0xa0) {
      return at + 1;
    }
    return switch (type) {
      case 0xd9 -> at + 2;
      case 0xda -> at + 3;
      case 0xdb -> at + 5;
      case NEVER_USED -> throw neverUsed(at);
      default -> throw Undecodable.payload(at, "a key of the payload is not text");
    };
  }

  /** The end of a text whose header is at {@code at} and whose characters start at {@code from}. */
  static int textEnd(byte[] data, int at, int from) throws Undecodable {
    int length =
        switch (from - at) {
          case 1 -> data[at] & 0x1f;
          case 2 -> int8(data, at + 1);
          case 3 -> int16(data, at + 1);
          default -> int32(data, at + 1);
        };
    return text(data, from, length);
  }

  /**
   * Skips one value.
   *
   * @param depth how many maps and lists are around it
   * @return where the next value begins
   */
  static int skip(byte[] data, int at, int depth) throws Undecodable {
    if (at >= data.length) {
      throw cutShort(at);
    }
    int type = data[at];
    if (type >= (byte) 0xe0) { // small integers, positive and negative
      return at + 1;
    }
    if (type < (byte) 0xc0) { // small maps, lists and texts
      if (type >= (byte) 0xa0) {
        return text(data, at + 1, type & 0x1f);
      }
      return type >= (byte) 0x90
          ? list(data, at + 1, type & 0x0f, depth)
          : map(data, at + 1, type & 0x0f, depth);
    }
    return switch (type & 0xff) {
      case 0xc0, 0xc2, 0xc3 -> at + 1;
      case 0xc4 -> bytes(data, at + 2, int8(data, at + 1));
      case 0xc5 -> bytes(data, at + 3, int16(data, at + 1));
      case 0xc6 -> bytes(data, at + 5, int32(data, at + 1));
      case 0xc7 -> extension(data, at + 2, int8(data, at + 1));
      case 0xc8 -> extension(data, at + 3, int16(data, at + 1));
      case 0xc9 -> extension(data, at + 5, int32(data, at + 1));
      case 0xcc, 0xd0 -> bytes(data, at + 1, 1);
      case 0xcd, 0xd1 -> bytes(data, at + 1, 2);
      case 0xca, 0xce, 0xd2 -> bytes(data, at + 1, 4);
      case 0xcb, 0xcf, 0xd3 -> bytes(data, at + 1, 8);
      case 0xd4 -> extension(data, at + 1, 1);
      case 0xd5 -> extension(data, at + 1, 2);
      case 0xd6 -> extension(data, at + 1, 4);
      case 0xd7 -> extension(data, at + 1, 8);
      case 0xd8 -> extension(data, at + 1, 16);
      case 0xd9 -> text(data, at + 2, int8(data, at + 1));
      case 0xda -> text(data, at + 3, int16(data, at + 1));
      case 0xdb -> text(data, at + 5, int32(data, at + 1));
      case 0xdc -> list(data, at + 3, int16(data, at + 1), depth);
      case 0xdd -> list(data, at + 5, int32(data, at + 1), depth);
      case 0xde -> map(data, at + 3, int16(data, at + 1), depth);
      case 0xdf -> map(data, at + 5, int32(data, at + 1), depth);
      default -> throw neverUsed(at);
    };
  }

  private static int list(byte[] data, int from, int size, int depth) throws Undecodable {
    int at = from;
    enter(data, from, size, depth);
    for (int left = size; left > 0; left--) {
      at = skip(data, at, depth + 1);
    }
    return at;
  }

  private static int map(byte[] data, int from, int size, int depth) throws Undecodable {
    int at = from;
    enter(data, from, size, depth);
    for (int left = size; left > 0; left--) {
      at = skip(data, key(data, at), depth + 1);
    }
    return at;
  }

  /** Enters a map or a list of so many elements, behind its header. */
  static void enter(byte[] data, int at, int size, int depth) throws Undecodable {
    if (depth >= HeaderScan.MAX_DEPTH) {
      throw Undecodable.payload(at, "nested deeper than " + HeaderScan.MAX_DEPTH + " levels");
    }
    if (size < 0 || size > data.length - at) { // each element has at least one byte
      throw cutShort(data.length);
    }
  }

  /** Skips a key below the top level: any scalar. */
  private static int key(byte[] data, int at) throws Undecodable {
    if (at < data.length) {
      int type = data[at] & 0xff;
      boolean listOrMap = (type >= 0x80 && type <= 0x9f) || (type >= 0xdc && type <= 0xdf);
      boolean extension = (type >= 0xc7 && type <= 0xc9) || (type >= 0xd4 && type <= 0xd8);
      if (listOrMap || extension) {
        throw Undecodable.payload(at, "a key is a list, a map or an extension");
      }
    }
    return skip(data, at, HeaderScan.MAX_DEPTH);
  }

  /** The end of a text, which must be UTF-8. */
  static int text(byte[] data, int from, int length) throws Undecodable {
    int to = bytes(data, from, length);
    int malformed = Utf8.firstMalformed(data, from, to);
    if (malformed >= 0) {
      throw Undecodable.payload(malformed, "text that is not UTF-8");
    }
    return to;
  }

  /** An extension: one byte of type, then its data. */
  private static int extension(byte[] data, int from, int length) throws Undecodable {
    return bytes(data, bytes(data, from, 1), length);
  }

  /** The end of so many bytes, which must be there. */
  static int bytes(byte[] data, int from, int length) throws Undecodable {
    if (length < 0 || length > data.length - from) { // negative: a length of 2 GiB or more
      throw cutShort(data.length);
    }
    return from + length;
  }

  private static int int8(byte[] data, int at) throws Undecodable {
    bytes(data, at, 1);
    return BigEndian.uint8(data, at);
  }

  private static int int16(byte[] data, int at) throws Undecodable {
    bytes(data, at, 2);
    return BigEndian.uint16(data, at);
  }

  private static int int32(byte[] data, int at) throws Undecodable {
    bytes(data, at, 4);
    return BigEndian.int32(data, at);
  }

  private static Undecodable cutShort(int at) {
    return Undecodable.payload(at, "cut short");
  }

  static Undecodable neverUsed(int at) {
    return Undecodable.payload(at, "a byte that msgpack never uses (0xc1)");
  }
}
