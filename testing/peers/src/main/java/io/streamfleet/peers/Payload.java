package io.streamfleet.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/** A msgpack map as plain Java values. */
public final class Payload {

  private Payload() {}

  /** The fields of a payload, without those whose value is nil. */
  public static Map<String, Object> read(byte[] data) {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(data)) {
      return map(unpacker);
    } catch (IOException | MessagePackException e) {
      throw new IllegalArgumentException("an entry's payload is no msgpack map", e);
    }
  }

  /** The channel of a payload. */
  public static String channel(Map<String, Object> payload) {
    Object channel = payload.get(Assignment.CHANNEL);
    return channel == null ? Assignment.NO_CHANNEL : channel.toString();
  }

  private static Map<String, Object> map(MessageUnpacker unpacker) throws IOException {
    int size = unpacker.unpackMapHeader();
    Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(size);
    for (int i = 0; i < size; i++) {
      String name = unpacker.unpackString();
      Object value = value(unpacker);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(MessageUnpacker unpacker) throws IOException {
    return switch (unpacker.getNextFormat().getValueType()) {
      case NIL -> {
        unpacker.unpackNil();
        yield null;
      }
      case BOOLEAN -> unpacker.unpackBoolean();
      case INTEGER -> unpacker.unpackLong();
      case FLOAT -> unpacker.unpackDouble();
      case STRING -> unpacker.unpackString();
      case BINARY -> unpacker.readPayload(unpacker.unpackBinaryHeader());
      case ARRAY -> {
        int size = unpacker.unpackArrayHeader();
        List<@Nullable Object> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          values.add(value(unpacker));
        }
        yield values;
      }
      case MAP -> map(unpacker);
      case EXTENSION -> unpacker.unpackValue();
    };
  }
}
