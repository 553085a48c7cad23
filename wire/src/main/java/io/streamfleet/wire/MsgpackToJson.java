package io.streamfleet.wire;

import java.util.Arrays;

/**
 * Converts a msgpack payload to JSON byte by byte, without a tree and without texts in between;
 * {@link WirePayload} describes the mapping. What {@link HeaderScan} refuses is refused here, too.
 */
final class MsgpackToJson {

  private final byte[] data;
  private final JsonBytes json;
  private int at;

  private MsgpackToJson(byte[] data, JsonBytes json) {
    this.data = data;
    this.json = json;
  }

  static byte[] json(byte[] data) throws Undecodable {
    // The JSON of a payload is about a third longer than its msgpack.
    return write(data, JsonBytes.withCapacity(data.length + data.length / 2 + 16)).toByteArray();
  }

  /** The same into an array of the exact length, from {@link #length}. */
  static byte[] json(byte[] data, int length) throws Undecodable {
    return write(data, JsonBytes.withCapacity(length)).toByteArray();
  }

  /** The length of the JSON in bytes. */
  static long length(byte[] data) throws Undecodable {
    return write(data, JsonBytes.counting()).length();
  }

  private static JsonBytes write(byte[] data, JsonBytes json) throws Undecodable {
    if (data.length == 0) {
      throw Undecodable.noPayload();
    }
    MsgpackToJson payload = new MsgpackToJson(data, json);
    int size = MsgpackWalk.mapSize(data);
    payload.at = MsgpackWalk.afterMapHeader(data);
    payload.map(size, 0);
    if (payload.at != data.length) {
      throw Undecodable.payload(payload.at, "bytes left over after the map");
    }
    return json;
  }

  private void map(int size, int depth) throws Undecodable {
    MsgpackWalk.enter(data, at, size, depth);
    json.put('{');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        json.put(',');
      }
      key(depth);
      json.put(':');
      value(depth + 1);
    }
    json.put('}');
  }

  private void list(int size, int depth) throws Undecodable {
    MsgpackWalk.enter(data, at, size, depth);
    json.put('[');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        json.put(',');
      }
      value(depth + 1);
    }
    json.put(']');
  }

  /** At the top level a key must be text; below, any scalar is written as text. */
  private void key(int depth) throws Undecodable {
    int begin = at;
    int type = uint8();
    if (depth == 0 && !isText(type)) {
      throw type == MsgpackWalk.NEVER_USED
          ? MsgpackWalk.neverUsed(begin)
          : Undecodable.payload(begin, "a key of the payload is not text");
    }
    if (type <= 0x7f || type >= 0xe0) {
      json.quoted(Integer.toString((byte) type));
      return;
    }
    switch (type) {
      case 0xc0 -> json.quoted("null");
      case 0xc2 -> json.quoted("false");
      case 0xc3 -> json.quoted("true");
      case 0xc4, 0xc5, 0xc6 -> binary(type);
      case 0xca -> json.quoted(PythonText.of(float32()));
      case 0xcb -> json.quoted(PythonText.of(float64()));
      case 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3 -> json.quoted(integer(type));
      case MsgpackWalk.NEVER_USED -> throw MsgpackWalk.neverUsed(begin);
      default -> {
        if (!isText(type)) {
          throw Undecodable.payload(begin, "a key is a list, a map or an extension");
        }
        text(type);
      }
    }
  }

  private static boolean isText(int type) {
    return (type & 0xe0) == 0xa0 || (type >= 0xd9 && type <= 0xdb);
  }

  private void value(int depth) throws Undecodable {
    int begin = at;
    int type = uint8();
    if (type <= 0x7f || type >= 0xe0) {
      json.ascii(Integer.toString((byte) type));
    } else if (type <= 0x8f) {
      map(type & 0x0f, depth);
    } else if (type <= 0x9f) {
      list(type & 0x0f, depth);
    } else if (type <= 0xbf) {
      text(type);
    } else {
      switch (type) {
        case 0xc0 -> json.ascii("null");
        case 0xc2 -> json.ascii("false");
        case 0xc3 -> json.ascii("true");
        case 0xc4, 0xc5, 0xc6 -> binary(type);
        case 0xca -> {
          float number = float32();
          json.ascii(Float.isFinite(number) ? Float.toString(number) : "null");
        }
        case 0xcb -> {
          double number = float64();
          json.ascii(Double.isFinite(number) ? Double.toString(number) : "null");
        }
        case 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3 -> json.ascii(integer(type));
        case 0xd9, 0xda, 0xdb -> text(type);
        case 0xdc -> list(uint16(), depth);
        case 0xdd -> list(int32(), depth);
        case 0xde -> map(uint16(), depth);
        case 0xdf -> map(int32(), depth);
        case MsgpackWalk.NEVER_USED -> throw MsgpackWalk.neverUsed(begin);
        default -> extension(type);
      }
    }
  }

  private void text(int type) throws Undecodable {
    int length =
        switch (type) {
          case 0xd9 -> uint8();
          case 0xda -> uint16();
          case 0xdb -> int32();
          default -> type & 0x1f;
        };
    int from = at;
    at = MsgpackWalk.text(data, from, length);
    json.text(data, from, at);
  }

  private void binary(int type) throws Undecodable {
    int length =
        switch (type) {
          case 0xc4 -> uint8();
          case 0xc5 -> uint16();
          default -> int32();
        };
    json.quoted(MsgpackSource.base64(bytes(length)));
  }

  private void extension(int type) throws Undecodable {
    int length =
        switch (type) {
          case 0xc7 -> uint8();
          case 0xc8 -> uint16();
          case 0xc9 -> int32();
          default -> 1 << (type - 0xd4);
        };
    byte kind = (byte) uint8();
    Extension extension = new Extension(kind, bytes(length));
    extension
        .timestamp()
        .ifPresentOrElse(
            json::quoted,
            () -> {
              json.ascii("{\"ext\":");
              json.ascii(Integer.toString(kind));
              json.ascii(",\"data\":");
              json.quoted(MsgpackSource.base64(extension.data()));
              json.put('}');
            });
  }

  private String integer(int type) throws Undecodable {
    return switch (type) {
      case 0xcc -> Integer.toString(uint8());
      case 0xcd -> Integer.toString(uint16());
      case 0xce -> Long.toString(Integer.toUnsignedLong(int32()));
      case 0xcf -> Long.toUnsignedString(int64());
      case 0xd0 -> Integer.toString((byte) uint8());
      case 0xd1 -> Integer.toString((short) uint16());
      case 0xd2 -> Integer.toString(int32());
      default -> Long.toString(int64());
    };
  }

  // --- the bytes

  private int uint8() throws Undecodable {
    return BigEndian.uint8(data, skip(1));
  }

  private int uint16() throws Undecodable {
    return BigEndian.uint16(data, skip(2));
  }

  private int int32() throws Undecodable {
    return BigEndian.int32(data, skip(4));
  }

  private long int64() throws Undecodable {
    return BigEndian.int64(data, skip(8));
  }

  private float float32() throws Undecodable {
    return Float.intBitsToFloat(int32());
  }

  private double float64() throws Undecodable {
    return Double.longBitsToDouble(int64());
  }

  private byte[] bytes(int length) throws Undecodable {
    int from = skip(length);
    return Arrays.copyOfRange(data, from, at);
  }

  /** Goes on behind so many bytes, and tells where they begin. */
  private int skip(int length) throws Undecodable {
    int from = at;
    at = MsgpackWalk.bytes(data, from, length);
    return from;
  }
}
