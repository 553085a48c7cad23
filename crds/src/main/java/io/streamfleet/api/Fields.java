package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a validated object with its defaults: required fields exist. */
record Fields(JsonNode object) {

  String text(String name) {
    return object.get(name).textValue();
  }

  @Nullable String textOrNull(String name) {
    return object.path(name).textValue();
  }

  boolean truth(String name) {
    return object.get(name).booleanValue();
  }

  int integer(String name) {
    return object.get(name).intValue();
  }

  @Nullable Integer integerOrNull(String name) {
    return object.has(name) ? integer(name) : null;
  }

  long number(String name) {
    return object.get(name).longValue();
  }

  double real(String name) {
    return object.get(name).doubleValue();
  }

  Duration duration(String name) {
    return DurationText.parse(text(name));
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) {
    return Enum.valueOf(type, text(name));
  }

  /** A free-form object; empty if absent. */
  JsonNode free(String name) {
    JsonNode node = object.get(name);
    return node == null ? JsonNodeFactory.instance.objectNode() : node;
  }

  List<JsonNode> nodes(String name) {
    return list(name, node -> node);
  }

  List<String> texts(String name) {
    return list(name, JsonNode::textValue);
  }

  <T> List<T> list(String name, Function<JsonNode, T> each) {
    List<T> list = new ArrayList<>();
    object.path(name).forEach(element -> list.add(each.apply(element)));
    return list;
  }

  Map<String, String> map(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    object
        .path(name)
        .properties()
        .forEach(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
    return map;
  }

  <T> T part(String name, Function<Fields, T> of) {
    return of.apply(new Fields(object.get(name)));
  }

  <T> @Nullable T partOrNull(String name, Function<Fields, T> of) {
    return object.has(name) ? part(name, of) : null;
  }
}
