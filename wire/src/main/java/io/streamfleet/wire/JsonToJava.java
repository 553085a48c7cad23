package io.streamfleet.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts a JSON payload to plain Java values. */
final class JsonToJava {

  private JsonToJava() {}

  static Map<String, Object> map(byte[] data) throws Undecodable {
    try (JsonParser parser = StrictJson.open(data)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Undecodable.payload(0, "not a JSON object");
      }
      Map<String, Object> map = map(parser);
      if (parser.nextToken() != null) {
        throw Undecodable.payload(
            parser.currentTokenLocation().getByteOffset(), "more after the JSON object");
      }
      return map;
    } catch (IOException e) {
      throw StrictJson.undecodable(e);
    }
  }

  @SuppressWarnings("NullAway") // a payload's values may be null: handler.Payload.toMap() says so
  private static Map<String, Object> map(JsonParser parser) throws IOException, Undecodable {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      StrictJson.requireWhole(name, parser);
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException, Undecodable {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException, Undecodable {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw Undecodable.payload(parser.currentLocation().getByteOffset(), "cut short");
    }
    return switch (token) {
      case START_OBJECT -> map(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> {
        String text = parser.getText();
        StrictJson.requireWhole(text, parser);
        yield text;
      }
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }
}
