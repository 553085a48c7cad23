package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.cel.Rule;
import io.streamfleet.api.cel.RuleFailure;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with a value, in the words of a cluster. */
final class Checking {

  private final List<Cause> causes = new ArrayList<>();

  List<Cause> causes() {
    return List.copyOf(causes);
  }

  void check(JsonNode schema, JsonNode value, String path) {
    int before = causes.size();
    if (!isOfType(schema, value)) {
      String type = schema.path("type").asText();
      report(
          "FieldValueTypeInvalid",
          path,
          "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
              .formatted(typeOf(value), path, type, typeOf(value)));
      return;
    }
    if (value.isObject()) {
      checkObject(schema, value, path);
    } else if (value.isArray()) {
      checkArray(schema, value, path);
    } else {
      Scalars.check(schema, value, path, this::report);
    }
    if (causes.size() == before) {
      checkRules(schema, value, path);
    }
  }

  private void checkObject(JsonNode schema, JsonNode object, String path) {
    checkSize(schema, "Properties", object.size(), path);
    for (JsonNode name : schema.path("required")) {
      if (!object.has(name.asText())) {
        report("FieldValueRequired", below(path, name.asText()), "Required value");
      }
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      check(Pruning.field(schema, field.getKey()), field.getValue(), below(path, field.getKey()));
    }
  }

  private void checkArray(JsonNode schema, JsonNode array, String path) {
    checkSize(schema, "Items", array.size(), path);
    Set<List<JsonNode>> seen = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      String place = path + "[" + i + "]";
      check(schema.path("items"), array.get(i), place);
      if (isUnique(schema) && !seen.add(identity(schema, array.get(i)))) {
        report("FieldValueDuplicate", place, "Duplicate value: " + identity(schema, array.get(i)));
      }
    }
  }

  private void checkSize(JsonNode schema, String what, int size, String path) {
    if (schema.has("max" + what) && size > schema.path("max" + what).asInt()) {
      report(
          "FieldValueTooMany",
          path,
          "Too many: %d: must have at most %s items"
              .formatted(size, schema.path("max" + what).asText()));
    }
    if (size < schema.path("min" + what).asInt()) {
      report(
          "FieldValueInvalid",
          path,
          "Invalid value: %d: %s in body should have at least %s items"
              .formatted(size, path, schema.path("min" + what).asText()));
    }
  }

  private static boolean isUnique(JsonNode schema) {
    String listType = schema.path("x-kubernetes-list-type").asText();
    return listType.equals("set") || listType.equals("map");
  }

  private static List<JsonNode> identity(JsonNode schema, JsonNode element) {
    JsonNode keys = schema.path("x-kubernetes-list-map-keys");
    return keys.isEmpty()
        ? List.of(element)
        : keys.valueStream().map(key -> element.path(key.asText())).toList();
  }

  private void checkRules(JsonNode schema, JsonNode value, String path) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      if (!holds(rule.path("rule").asText(), value)) {
        report(
            "FieldValueInvalid",
            path,
            "Invalid value: \"%s\": %s"
                .formatted(
                    typeOf(value),
                    rule.path("message").asText("failed rule: " + rule.path("rule").asText())));
      }
    }
  }

  /** A rule that is beyond the evaluator, such as one about the old value, holds. */
  private static boolean holds(String rule, JsonNode value) {
    if (rule.contains("oldSelf")) {
      return true;
    }
    Rule parsed;
    try {
      parsed = Rule.parse(rule);
    } catch (IllegalArgumentException beyondIt) {
      return true;
    }
    try {
      return parsed.holds(value);
    } catch (RuleFailure failure) {
      return false;
    }
  }

  private static boolean isOfType(JsonNode schema, JsonNode value) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return value.isIntegralNumber() || value.isTextual();
    }
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return true;
    }
    return switch (schema.path("type").asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber() || value.canConvertToExactIntegral();
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, POJO -> "object";
      case ARRAY -> "array";
      case STRING, BINARY -> "string";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case BOOLEAN -> "boolean";
      case NULL, MISSING -> "null";
    };
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void report(String reason, String path, String message) {
    causes.add(new Cause(reason, message, path.isEmpty() ? "<nil>" : path));
  }
}
