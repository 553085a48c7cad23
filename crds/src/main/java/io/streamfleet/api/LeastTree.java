package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.schema.Schema;
import java.util.Map;

/** Removes from a tree what the defaults of its schema would add again. */
final class LeastTree {

  private LeastTree() {}

  /** A new tree. A duration counts as default even if it is written differently. */
  static ObjectNode of(Schema schema, ObjectNode object) {
    ObjectNode least = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Schema field = schema.properties().get(entry.getKey());
      JsonNode value = entry.getValue();
      if (field != null && value instanceof ObjectNode inner) {
        value = of(field, inner);
      }
      if (field == null || !isDefault(field, value)) {
        least.set(entry.getKey(), value);
      }
    }
    return least;
  }

  /** A new tree without live fields, and without objects that are empty then. */
  static ObjectNode withoutLive(Schema schema, ObjectNode object) {
    ObjectNode fixed = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Schema field = schema.properties().get(entry.getKey());
      JsonNode value = entry.getValue();
      if (field != null && field.live()) {
        continue;
      }
      if (field != null && value instanceof ObjectNode inner) {
        value = withoutLive(field, inner);
      }
      if (field == null || !isDefault(field, value)) {
        fixed.set(entry.getKey(), value);
      }
    }
    return fixed;
  }

  private static boolean isDefault(Schema schema, JsonNode value) {
    JsonNode byDefault = schema.byDefault();
    if (byDefault == null) {
      return false;
    }
    // Compared as text, since a number may be an int in one tree and a long in the other.
    return byDefault.toString().equals(value.toString())
        || (schema.keywords().path("pattern").asText().equals(DurationText.PATTERN)
            && DurationText.parse(byDefault.textValue())
                .equals(DurationText.parse(value.textValue())));
  }
}
