package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Removes what a schema does not know. */
final class Pruning {

  private Pruning() {}

  static void prune(JsonNode schema, JsonNode value, String path, List<String> unknown) {
    if (value instanceof ObjectNode object) {
      for (String name : List.copyOf(object.properties()).stream().map(e -> e.getKey()).toList()) {
        String below = path.isEmpty() ? name : path + "." + name;
        JsonNode field = field(schema, name);
        if (!field.isMissingNode()) {
          prune(field, object.path(name), below, unknown);
        } else if (!schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
            && !schema.path("additionalProperties").asBoolean()) {
          object.remove(name);
          unknown.add(below);
        }
      }
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        prune(schema.path("items"), value.get(i), path + "[" + i + "]", unknown);
      }
    }
  }

  /** The schema of a field; missing if there is none. */
  static JsonNode field(JsonNode schema, String name) {
    JsonNode property = schema.path("properties").path(name);
    JsonNode values = schema.path("additionalProperties");
    return property.isMissingNode() && values.isObject() ? values : property;
  }
}
