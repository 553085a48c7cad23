package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.kind.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A value divided as far as its shape allows: each part with its path element, as in managedFields
 * ({@code f:name}, {@code k:{"name":"x"}}, {@code v:"x"}).
 *
 * @param list whether it is a list, so that each element is owned separately
 */
record Parts(boolean list, Map<String, Part> parts) {

  /** A part and its shape. */
  record Part(JsonNode value, Shape shape) {}

  private static final Shape ATOMIC = new Shape.Atomic();

  /** The parts; empty if the value is atomic. */
  static Optional<Parts> of(Shape shape, JsonNode value) {
    return switch (shape) {
      case Shape.Atomic() -> Optional.empty();
      case Shape.Granular(var fields) ->
          value instanceof ObjectNode object
              ? Optional.of(fields(object, fields))
              : Optional.empty();
      case Shape.Keyed keyed ->
          value instanceof ArrayNode array ? elements(array, keyed) : Optional.empty();
      case Shape.Distinct() ->
          value instanceof ArrayNode array ? Optional.of(values(array)) : Optional.empty();
    };
  }

  private static Parts fields(
      ObjectNode object, java.util.function.Function<String, Shape> shapes) {
    Map<String, Part> parts = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            field ->
                parts.put(
                    "f:" + field.getKey(),
                    new Part(field.getValue(), shapes.apply(field.getKey()))));
    return new Parts(false, parts);
  }

  /** A list in which a key is missing or occurs twice is atomic. */
  private static Optional<Parts> elements(ArrayNode array, Shape.Keyed keyed) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (JsonNode element : array) {
      TreeMap<String, JsonNode> key = new TreeMap<>();
      for (String name : keyed.keys()) {
        JsonNode value =
            element.hasNonNull(name) ? element.get(name) : keyed.keyDefaults().get(name);
        if (value != null) {
          key.put(name, value);
        }
      }
      ObjectNode sorted = JsonNodeFactory.instance.objectNode().setAll(key);
      if (key.isEmpty() || parts.put("k:" + sorted, new Part(element, keyed.element())) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new Parts(true, parts));
  }

  private static Parts values(ArrayNode array) {
    Map<String, Part> parts = new LinkedHashMap<>();
    array.forEach(value -> parts.put("v:" + value, new Part(value, ATOMIC)));
    return new Parts(true, parts);
  }

  /** Assembles parts in their order. */
  static JsonNode assemble(boolean list, Map<String, JsonNode> values) {
    if (list) {
      return JsonNodeFactory.instance.arrayNode().addAll(values.values());
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    values.forEach((element, value) -> object.set(element.substring(2), value));
    return object;
  }
}
