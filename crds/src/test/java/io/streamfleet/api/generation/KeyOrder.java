package io.streamfleet.api.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Keywords before what they are about, as a person would write a schema. */
final class KeyOrder {

  private static final List<String> FIRST = List.of("description", "type", "enum", "default");
  private static final List<String> LAST =
      List.of("x-kubernetes-validations", "properties", "items");

  private KeyOrder() {}

  static ObjectNode applied(ObjectNode object) {
    ObjectNode ordered = JsonNodeFactory.instance.objectNode();
    FIRST.forEach(key -> move(object, key, ordered));
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!FIRST.contains(entry.getKey()) && !LAST.contains(entry.getKey())) {
        move(object, entry.getKey(), ordered);
      }
    }
    LAST.forEach(key -> move(object, key, ordered));
    return ordered;
  }

  private static void move(ObjectNode from, String key, ObjectNode to) {
    if (from.has(key)) {
      to.set(key, inside(key, from.get(key)));
    }
  }

  private static JsonNode inside(String key, JsonNode value) {
    if (key.equals("properties")) {
      ObjectNode properties = JsonNodeFactory.instance.objectNode();
      value
          .properties()
          .forEach(each -> properties.set(each.getKey(), inside("", each.getValue())));
      return properties;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode elements = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> elements.add(inside("", element)));
      return elements;
    }
    return value instanceof ObjectNode object ? applied(object) : value;
  }
}
