package io.streamfleet.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts a msgpack payload to plain Java values; {@link WirePayload} describes the mapping. */
final class MsgpackToJava {

  private MsgpackToJava() {}

  static Map<String, Object> map(byte[] data) throws Undecodable {
    return MsgpackSource.readAll(data, source -> map(source, 0));
  }

  @SuppressWarnings("NullAway") // a payload's values may be null: handler.Payload.toMap() says so
  private static Map<String, Object> map(MsgpackSource source, int depth)
      throws IOException, Undecodable {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int left = source.mapSize(depth); left > 0; left--) {
      map.put(source.key(depth), value(source, depth + 1));
    }
    return map;
  }

  private static List<@Nullable Object> list(MsgpackSource source, int depth)
      throws IOException, Undecodable {
    List<@Nullable Object> list = new ArrayList<>();
    for (int left = source.listSize(depth); left > 0; left--) {
      list.add(value(source, depth + 1));
    }
    return list;
  }

  private static @Nullable Object value(MsgpackSource source, int depth)
      throws IOException, Undecodable {
    return switch (source.unpacker.getNextFormat().getValueType()) {
      case NIL -> {
        source.unpacker.unpackNil();
        yield null;
      }
      case BOOLEAN -> source.unpacker.unpackBoolean();
      case INTEGER -> source.integer();
      case FLOAT -> source.unpacker.unpackDouble();
      case STRING -> source.unpacker.unpackString();
      case BINARY -> source.bytes();
      case ARRAY -> list(source, depth);
      case MAP -> map(source, depth);
      case EXTENSION -> extension(source.extension());
    };
  }

  private static Object extension(Extension extension) {
    Optional<String> timestamp = extension.timestamp();
    if (timestamp.isPresent()) {
      return timestamp.get();
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ext", (long) extension.type());
    map.put("data", extension.data());
    return map;
  }
}
