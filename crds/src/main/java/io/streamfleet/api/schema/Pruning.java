package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;

/** Removes unknown fields from a tree, as the API server does. */
public final class Pruning {

  private Pruning() {}

  /**
   * A new tree with all known fields.
   *
   * @param path of the tree's root
   * @param unknown is given the path of each removed field
   */
  public static JsonNode applied(
      Schema schema, JsonNode tree, String path, Consumer<String> unknown) {
    Schema items = schema.items();
    if (tree instanceof ObjectNode object && schema.type().equals("object")) {
      return fields(schema, object, path, unknown);
    }
    if (tree instanceof ArrayNode array && items != null) {
      ArrayNode elements = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < array.size(); i++) {
        elements.add(applied(items, array.get(i), path + "[" + i + "]", unknown));
      }
      return elements;
    }
    return tree;
  }

  private static ObjectNode fields(
      Schema schema, ObjectNode object, String path, Consumer<String> unknown) {
    ObjectNode known = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String place = below(schema, path, entry.getKey());
      Schema field = schema.field(entry.getKey());
      if (field != null) {
        known.set(entry.getKey(), applied(field, entry.getValue(), place, unknown));
      } else if (schema.open()) {
        known.set(entry.getKey(), entry.getValue());
      } else {
        unknown.accept(place);
      }
    }
    return known;
  }

  private static String below(Schema schema, String path, String name) {
    if (schema.isEntry(name)) {
      return path + "[" + name + "]";
    }
    return path.isEmpty() ? name : path + "." + name;
  }
}
