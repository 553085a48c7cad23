package io.streamfleet.wire;

import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.util.Base64;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** Reads a msgpack payload with msgpack-core, under the rules of {@link HeaderScan}. */
final class MsgpackSource implements AutoCloseable {

  private static final MessagePack.UnpackerConfig STRICT =
      new MessagePack.UnpackerConfig()
          .withActionOnMalformedString(CodingErrorAction.REPORT)
          .withActionOnUnmappableString(CodingErrorAction.REPORT);

  /** Reads the entries of the payload's map. */
  interface Reading<T> {
    T read(MsgpackSource source) throws IOException, Undecodable;
  }

  final MessageUnpacker unpacker;

  private final int size;

  private MsgpackSource(byte[] data) {
    this.size = data.length;
    this.unpacker = STRICT.newUnpacker(data);
  }

  /** Reads all of {@code data} by {@code reading}, which starts at the map. */
  static <T> T readAll(byte[] data, Reading<T> reading) throws Undecodable {
    try (MsgpackSource source = new MsgpackSource(data)) {
      try {
        T result = reading.read(source);
        if (source.unpacker.hasNext()) {
          throw source.undecodable("bytes left over after the map");
        }
        return result;
      } catch (MessagePackException e) {
        // Its message may contain content of the payload.
        throw source.undecodable("not well-formed msgpack");
      }
    } catch (IOException e) {
      throw Undecodable.payload(0, "not readable");
    }
  }

  /** The size of a map at nesting level {@code depth}. */
  int mapSize(int depth) throws IOException, Undecodable {
    enter(depth);
    return unpacker.unpackMapHeader();
  }

  int listSize(int depth) throws IOException, Undecodable {
    enter(depth);
    return unpacker.unpackArrayHeader();
  }

  private void enter(int depth) throws Undecodable {
    if (depth >= HeaderScan.MAX_DEPTH) {
      throw undecodable("nested deeper than " + HeaderScan.MAX_DEPTH + " levels");
    }
  }

  /** The next value as a key of a map: at the top level it must be text. */
  String key(int depth) throws IOException, Undecodable {
    ValueType type = unpacker.getNextFormat().getValueType();
    if (depth == 0 && type != ValueType.STRING) {
      throw undecodable("a key of the payload is not text");
    }
    return switch (type) {
      case STRING -> unpacker.unpackString();
      case INTEGER -> integer().toString();
      case FLOAT -> PythonText.of(unpacker.unpackDouble());
      case BOOLEAN -> Boolean.toString(unpacker.unpackBoolean());
      case BINARY -> base64(bytes());
      case NIL -> {
        unpacker.unpackNil();
        yield "null";
      }
      case ARRAY, MAP, EXTENSION -> throw undecodable("a key is a list, a map or an extension");
    };
  }

  /** A {@code Long}, or a {@code BigInteger} if it does not fit. */
  Number integer() throws IOException {
    if (unpacker.getNextFormat() == MessageFormat.UINT64) {
      var number = unpacker.unpackBigInteger();
      return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }
    return unpacker.unpackLong();
  }

  byte[] bytes() throws IOException, Undecodable {
    return bytes(unpacker.unpackBinaryHeader());
  }

  Extension extension() throws IOException, Undecodable {
    ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
    return new Extension(header.getType(), bytes(header.getLength()));
  }

  /** Checks first that the bytes exist: the library allocates before it reads. */
  private byte[] bytes(int length) throws IOException, Undecodable {
    if (length > size - unpacker.getTotalReadBytes()) {
      throw undecodable("cut short");
    }
    return unpacker.readPayload(length);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private Undecodable undecodable(String problem) {
    return Undecodable.payload(unpacker.getTotalReadBytes(), problem);
  }

  @Override
  public void close() throws IOException {
    unpacker.close();
  }
}
