package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A structural schema.
 *
 * @param keywords the schema as it is written, for the keywords that constrain scalars
 * @param open whether unknown fields are allowed
 * @param values the schema of the values, for a map
 * @param items the schema of the elements, for a list
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/">Kubernetes
 *     on structural schemas</a>
 */
public record Schema(
    String type,
    JsonNode keywords,
    boolean open,
    Map<String, Schema> properties,
    Set<String> required,
    @Nullable Schema values,
    @Nullable Schema items,
    @Nullable JsonNode byDefault,
    List<Guard> guards) {

  /** A rule and its message. */
  public record Guard(String rule, String message) {}

  /** The schema of the spec in this module. */
  public static Schema ofSpec() {
    try (InputStream json =
        Objects.requireNonNull(
            Schema.class.getResourceAsStream("spec.json"), "the schema is missing in the jar")) {
      return of(JsonTree.read(json));
    } catch (IOException e) {
      throw new UncheckedIOException("the schema in the jar cannot be read", e);
    }
  }

  /**
   * Reads a structural schema.
   *
   * @param schema whose rules {@link io.streamfleet.api.cel.Rule} supports
   */
  public static Schema of(JsonNode schema) {
    Map<String, Schema> properties = new LinkedHashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(property -> properties.put(property.getKey(), of(property.getValue())));
    Set<String> required = new TreeSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<Guard> guards = new ArrayList<>();
    schema
        .path("x-kubernetes-validations")
        .forEach(
            rule ->
                guards.add(
                    new Guard(
                        rule.path("rule").asText(),
                        rule.path("message")
                            .asText("failed rule: " + rule.path("rule").asText()))));
    return new Schema(
        schema.path("type").asText(),
        schema,
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
            || schema.path("additionalProperties").asBoolean(),
        properties,
        required,
        optional(schema, "additionalProperties"),
        optional(schema, "items"),
        schema.get("default"),
        guards);
  }

  /** The schema of a field, if it has one. */
  @Nullable Schema field(String name) {
    Schema property = properties.get(name);
    return property == null ? values : property;
  }

  /** Whether a name is the key of a map's entry, rather than a declared field. */
  boolean isEntry(String name) {
    return values != null && !properties.containsKey(name);
  }

  boolean nullable() {
    return keywords.path("nullable").asBoolean();
  }

  /** Whether a value has the type; nothing is converted. */
  boolean isOfType(JsonNode value) {
    if (value.isNull() && nullable()) {
      return true;
    }
    if (keywords.path("x-kubernetes-int-or-string").asBoolean()) {
      return value.isIntegralNumber() || value.isTextual();
    }
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  /** Whether a string matches the pattern, if there is one. */
  boolean matches(String text) {
    JsonNode pattern = keywords.path("pattern");
    return !pattern.isTextual()
        || Pattern.compile(toJava(pattern.textValue())).matcher(text).find();
  }

  /** In Go {@code $} matches only at the end; in Java also before a final line feed. */
  private static String toJava(String pattern) {
    return pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern;
  }

  /** Whether a change of it, and of everything inside it, applies to running workers. */
  public boolean live() {
    return keywords.path("x-live").asBoolean();
  }

  private static @Nullable Schema optional(JsonNode schema, String keyword) {
    JsonNode inner = schema.get(keyword);
    return inner == null || !inner.isObject() ? null : of(inner);
  }
}
