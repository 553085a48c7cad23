package io.streamfleet.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Scans a JSON payload, with the same results as {@link MsgpackScan}. */
final class JsonScan {

  private static final Set<String> TEXTS = Set.of("trace_id", "message_id", "platform", "user_id");

  /**
   * A value as far as the header needs it.
   *
   * @param isTrue whether it is true in Python
   * @param text as Python's {@code str()} prints it; null for a list or an object
   * @param offset of its first byte
   */
  private record Value(boolean isTrue, @Nullable String text, long offset) {}

  private final String orderingField;

  JsonScan(String orderingField) {
    this.orderingField = orderingField;
  }

  Header scan(byte[] data) throws Undecodable {
    try (JsonParser parser = StrictJson.open(data)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Undecodable.payload(0, "not a JSON object");
      }
      Map<String, Value> wanted = wantedFields(parser);
      if (parser.nextToken() != null) {
        throw Undecodable.payload(
            parser.currentTokenLocation().getByteOffset(), "more after the JSON object");
      }
      return header(wanted);
    } catch (IOException e) {
      throw StrictJson.undecodable(e);
    }
  }

  private Map<String, Value> wantedFields(JsonParser parser) throws IOException, Undecodable {
    Map<String, Value> wanted = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      StrictJson.requireWhole(name, parser);
      parser.nextToken();
      if (name.equals(orderingField) || name.equals("is_addressed") || TEXTS.contains(name)) {
        wanted.put(name, value(parser));
      } else {
        walk(parser);
      }
    }
    return wanted;
  }

  private Header header(Map<String, Value> wanted) throws Undecodable {
    Value addressed = wanted.get("is_addressed");
    Map<String, String> texts = new HashMap<>();
    for (String name : TEXTS) {
      Value value = wanted.get(name);
      if (value != null && value.isTrue && value.text != null) {
        texts.put(name, value.text);
      }
    }
    String trace = texts.get("trace_id");
    WireNames.require("trace_id", trace == null ? "" : trace);
    return new JsonHeader(
        channel(wanted.get(orderingField)), addressed == null || addressed.isTrue, texts);
  }

  private static String channel(@Nullable Value value) throws Undecodable {
    if (value == null || !value.isTrue) {
      return Header.GLOBAL;
    }
    if (value.text == null) {
      throw Undecodable.payload(value.offset, "the ordering field is neither text nor a number");
    }
    WireNames.require("the ordering field", value.text);
    return value.text;
  }

  private static Value value(JsonParser parser) throws IOException, Undecodable {
    long offset = parser.currentTokenLocation().getByteOffset();
    JsonToken token = parser.currentToken();
    return switch (token) {
      case VALUE_STRING -> {
        String text = parser.getText();
        StrictJson.requireWhole(text, parser);
        yield new Value(!text.isEmpty(), text, offset);
      }
      case VALUE_NUMBER_INT -> {
        var number = parser.getBigIntegerValue();
        yield new Value(number.signum() != 0, number.toString(), offset);
      }
      case VALUE_NUMBER_FLOAT -> {
        double number = parser.getDoubleValue();
        yield new Value(number != 0, PythonText.of(number), offset);
      }
      case VALUE_TRUE -> new Value(true, "True", offset);
      case START_OBJECT, START_ARRAY -> new Value(walk(parser) > 0, null, offset);
      default -> new Value(false, null, offset);
    };
  }

  /** Skips the value that begins at the current token, and counts the tokens inside it. */
  private static int walk(JsonParser parser) throws IOException, Undecodable {
    int open = 0;
    int inside = 0;
    JsonToken token = parser.currentToken();
    while (true) {
      if (token == null) {
        throw Undecodable.payload(parser.currentLocation().getByteOffset(), "cut short");
      }
      if (token.isStructStart()) {
        open++;
      } else if (token.isStructEnd()) {
        open--;
      } else if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
        StrictJson.requireWhole(parser.getText(), parser);
      }
      if (open == 0) {
        return inside;
      }
      token = parser.nextToken();
      inside += token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT ? 0 : 1;
    }
  }
}
