package io.streamfleet.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the fields of a custom resource merge, from its schema. */
final class SchemaShape {

  private static final Shape ATOMIC = new Shape.Atomic();

  private SchemaShape() {}

  /** The shape of a whole object. */
  static Shape root(JsonNode schema) {
    return new Shape.Granular(
        name ->
            name.equals("metadata")
                ? MetadataShape.get()
                : of(schema.path("properties").path(name)));
  }

  private static Shape of(JsonNode schema) {
    if (schema.has("items")) {
      return list(schema);
    }
    if (schema.path("x-kubernetes-map-type").asText().equals("atomic")) {
      return ATOMIC;
    }
    // Without a schema, as for preserved unknown fields, maps merge and lists don't.
    return new Shape.Granular(
        name -> {
          JsonNode field = schema.path("properties").path(name);
          return of(field.isMissingNode() ? schema.path("additionalProperties") : field);
        });
  }

  private static Shape list(JsonNode schema) {
    return switch (schema.path("x-kubernetes-list-type").asText()) {
      case "map" -> keyed(schema);
      case "set" -> new Shape.Distinct();
      default -> ATOMIC;
    };
  }

  private static Shape keyed(JsonNode schema) {
    List<String> keys =
        schema.path("x-kubernetes-list-map-keys").valueStream().map(JsonNode::asText).toList();
    Map<String, JsonNode> defaults = new HashMap<>();
    for (String key : keys) {
      JsonNode byDefault = schema.path("items").path("properties").path(key).get("default");
      if (byDefault != null) {
        defaults.put(key, byDefault);
      }
    }
    return new Shape.Keyed(keys, defaults, of(schema.path("items")));
  }
}
