package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Sets what is not set; {@code null} is as good as absent, unless the schema allows for it. */
final class Defaulting {

  private Defaulting() {}

  static void setDefaults(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      for (String name : object.properties().stream().map(Map.Entry::getKey).toList()) {
        JsonNode field = Pruning.field(schema, name);
        if (object.path(name).isNull()
            && !field.path("nullable").asBoolean()
            && !field.isMissingNode()) {
          object.remove(name);
        }
      }
      schema
          .path("properties")
          .properties()
          .forEach(
              property -> {
                JsonNode byDefault = property.getValue().get("default");
                if (byDefault != null && !object.has(property.getKey())) {
                  object.set(property.getKey(), byDefault.deepCopy());
                }
              });
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        setDefaults(Pruning.field(schema, field.getKey()), field.getValue());
      }
    } else if (value.isArray()) {
      value.forEach(element -> setDefaults(schema.path("items"), element));
    }
  }
}
