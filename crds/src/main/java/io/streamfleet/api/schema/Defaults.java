package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Applies the defaults of a schema to a tree, as the API server does. */
public final class Defaults {

  private Defaults() {}

  /**
   * A new tree: absent fields get their defaults, {@code null} counts as absent if the schema does
   * not allow it, an integer that was written as 3.0 becomes 3, and the rest is unchanged.
   */
  public static JsonNode applied(Schema schema, JsonNode tree) {
    if (tree instanceof ObjectNode object && schema.type().equals("object")) {
      return fields(schema, object);
    }
    Schema items = schema.items();
    if (tree instanceof ArrayNode array && items != null) {
      ArrayNode elements = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> elements.add(applied(items, element)));
      return elements;
    }
    if (schema.type().equals("integer")
        && tree.isFloatingPointNumber()
        && tree.canConvertToExactIntegral()
        && tree.canConvertToLong()) {
      return JsonNodeFactory.instance.numberNode(tree.longValue());
    }
    return tree;
  }

  private static ObjectNode fields(Schema schema, ObjectNode object) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Schema field = schema.field(entry.getKey());
      if (field == null) {
        result.set(entry.getKey(), entry.getValue());
      } else if (!entry.getValue().isNull() || field.nullable()) {
        result.set(entry.getKey(), applied(field, entry.getValue()));
      }
    }
    schema
        .properties()
        .forEach(
            (name, field) -> {
              JsonNode byDefault = field.byDefault();
              if (byDefault != null && !result.has(name)) {
                result.set(name, applied(field, byDefault.deepCopy()));
              }
            });
    return result;
  }
}
