package io.streamfleet.api.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.DurationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every field of the resource for people, made of the schema: docs/reference.md. */
final class ReferenceDocument {

  private static final String HEAD =
      """
      # StreamConsumerGroup, field by field

      <!-- Generated from the model in crds/src/main/java/io/streamfleet/api. Don't edit; to refresh:
           %s -->

      `apiVersion: streamfleet.io/v1alpha1`, `kind: StreamConsumerGroup`, short name `scg`. A duration is written as
      `500ms`, `60s`, `2m` or `1h30m`. What a table calls *as in a pod* is not described here: it has the fields of the
      part of a [Kubernetes pod](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/) of the
      same name, and the operator reports other fields in the condition `Ready`. Examples are in
      [crds/samples](../crds/samples).

      A change of a *live* field applies to running workers, within seconds after it reaches them. A change of any
      other field that workers read restarts them, one by one: see
      [operations](operations.md#changing-settings).
      """
          .formatted(CrdGeneration.REFRESH);

  private static final String TABLE =
      """

      | Field | Type | Default | Bounds | Live | Meaning |
      |---|---|---|---|---|---|
      """;

  private static final String LIVE = "yes";

  private final StringBuilder text = new StringBuilder(HEAD);

  private ReferenceDocument() {}

  /**
   * The whole document.
   *
   * @param schema of the resource
   */
  static String of(JsonNode schema) {
    ReferenceDocument document = new ReferenceDocument();
    JsonNode spec = schema.at("/properties/spec");
    document.part("spec", "What a fleet reads, and how it is handled.", spec);
    for (Map.Entry<String, JsonNode> field : spec.path("properties").properties()) {
      if (hasFields(field.getValue())) {
        document.section(
            "spec." + field.getKey(), field.getValue(), isRequired(spec, field.getKey()));
      }
    }
    document.part("status", "What the operator observed last.", schema.at("/properties/status"));
    return document.text.toString();
  }

  /** The fields of spec or status; those that have fields of their own have a section instead. */
  private void part(String name, String meaning, JsonNode part) {
    text.append("\n## ").append(name).append("\n\n").append(meaning).append('\n');
    rules(part);
    text.append(TABLE);
    for (Map.Entry<String, JsonNode> field : part.path("properties").properties()) {
      boolean required = isRequired(part, field.getKey());
      if (name.equals("spec") && hasFields(field.getValue())) {
        String link =
            "[" + field.getKey() + "](#spec" + field.getKey().toLowerCase(Locale.ROOT) + ")";
        cells(
            link,
            "mapping",
            required ? "required" : "",
            "",
            live(field.getValue()),
            field.getValue().path("description").asText());
      } else {
        rows(field.getKey(), field.getValue(), required, false);
      }
    }
  }

  private void section(String path, JsonNode schema, boolean required) {
    text.append("\n## ").append(path).append("\n\n").append(schema.path("description").asText());
    if (required) {
      text.append(" Required.");
    }
    text.append('\n');
    rules(schema);
    text.append(TABLE);
    inside("", schema, isLive(schema));
  }

  private void rules(JsonNode schema) {
    List<String> rules = messages(schema);
    if (!rules.isEmpty()) {
      text.append('\n');
      rules.forEach(rule -> text.append("- ").append(rule).append('\n'));
    }
  }

  private void rows(String path, JsonNode schema, boolean required, boolean partOfLive) {
    boolean live = partOfLive || isLive(schema);
    line("`" + path + "`", schema, required, live);
    JsonNode items = schema.path("items");
    if (hasFields(items)) {
      inside(path + "[].", items, live);
    } else if (hasFields(schema)) {
      inside(path + ".", schema, live);
    }
  }

  private void inside(String prefix, JsonNode schema, boolean live) {
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      rows(prefix + field.getKey(), field.getValue(), isRequired(schema, field.getKey()), live);
    }
  }

  private void line(String field, JsonNode schema, boolean required, boolean live) {
    cells(
        field,
        type(schema),
        required ? "required" : byDefault(schema),
        String.join("; ", bounds(schema)),
        live ? LIVE : "",
        schema.path("description").asText());
  }

  private static String live(JsonNode schema) {
    return isLive(schema) ? LIVE : "";
  }

  private static boolean isLive(JsonNode schema) {
    return schema.path("x-live").asBoolean();
  }

  private void cells(String... cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    text.append('\n');
  }

  private static String type(JsonNode schema) {
    if (schema.has("enum")) {
      List<String> choices = new ArrayList<>();
      schema.path("enum").forEach(choice -> choices.add("`" + choice.asText() + "`"));
      return String.join(", ", choices);
    }
    return switch (schema.path("type").asText()) {
      case "string" -> isDuration(schema) ? "duration" : "text";
      case "integer", "number" -> "number";
      case "boolean" -> "`true`, `false`";
      case "array" -> "list of " + type(schema.path("items")) + "s";
      default -> schema.has("additionalProperties") ? "map of texts" : "mapping";
    };
  }

  private static String byDefault(JsonNode schema) {
    JsonNode value = schema.path("default");
    return value.isMissingNode() || (value.isObject() && value.isEmpty())
        ? ""
        : "`" + (value.isTextual() ? value.textValue() : value.toString()) + "`";
  }

  private static List<String> bounds(JsonNode schema) {
    List<String> bounds = new ArrayList<>();
    if (isDuration(schema)) {
      return messages(schema);
    }
    range(bounds, schema.path("minimum"), schema.path("maximum"), "");
    range(bounds, schema.path("minLength"), schema.path("maxLength"), " characters");
    range(bounds, schema.path("minItems"), schema.path("maxItems"), " elements");
    range(bounds, schema.path("minProperties"), schema.path("maxProperties"), " entries");
    if (schema.path("x-kubernetes-list-type").asText().equals("set")) {
      bounds.add("all different");
    }
    if (schema.has("pattern")) {
      bounds.add("matches `" + schema.path("pattern").asText() + "`");
    }
    JsonNode items = schema.path("items");
    if (items.isObject() && !hasFields(items)) {
      bounds(items).forEach(bound -> bounds.add("each " + bound));
    }
    bounds.addAll(messages(schema));
    return bounds;
  }

  private static void range(List<String> bounds, JsonNode least, JsonNode most, String unit) {
    if (!least.isMissingNode() && !most.isMissingNode()) {
      bounds.add(least.asText() + " to " + most.asText() + unit);
    } else if (!most.isMissingNode()) {
      bounds.add("at most " + most.asText() + unit);
    } else if (!least.isMissingNode()) {
      bounds.add("at least " + least.asText() + unit);
    }
  }

  private static List<String> messages(JsonNode schema) {
    return schema
        .path("x-kubernetes-validations")
        .valueStream()
        // A rule that is two for the sake of a clear refusal is one to who reads before.
        .map(rule -> rule.path("message").asText().replaceFirst(", found (none|several)$", ""))
        .distinct()
        .toList();
  }

  private static boolean isDuration(JsonNode schema) {
    return schema.path("pattern").asText().equals(DurationText.PATTERN);
  }

  private static boolean hasFields(JsonNode schema) {
    return schema.path("properties").size() > 0;
  }

  private static boolean isRequired(JsonNode schema, String field) {
    return schema.path("required").valueStream().anyMatch(name -> name.asText().equals(field));
  }
}
