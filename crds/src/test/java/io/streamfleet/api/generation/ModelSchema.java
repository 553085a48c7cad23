package io.streamfleet.api.generation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.streamfleet.api.ElementDefault;
import io.streamfleet.api.Live;
import io.streamfleet.api.Unique;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the model says and Fabric8's generator cannot hear: what is required, the defaults of
 * objects, uniqueness, what applies to running workers, and a bound for everything.
 *
 * <p>A component that may not be null has a default or is required. An object that is not required
 * has the default {@code {}}, from which the API server makes the defaults of its fields.
 */
final class ModelSchema {

  /**
   * Bounds for what declares none. Without them Kubernetes' CEL estimates the cost of a rule by the
   * size of the largest request, and refuses the CRD.
   */
  private static final int STRING_LENGTH = 4096;

  private static final int MAP_SIZE = 64;
  private static final int LIST_SIZE = 64;

  private ModelSchema() {}

  static void complete(ObjectNode schema, Class<?> type) {
    ObjectNode properties = (ObjectNode) schema.get("properties");
    TreeSet<String> required = new TreeSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (RecordComponent component : type.getRecordComponents()) {
      Field field = field(type, component);
      ObjectNode property = (ObjectNode) properties.get(wireName(field));
      if (property == null) {
        throw new IllegalStateException("no schema for " + type + "." + wireName(field));
      }
      completeProperty(property, component.getGenericType());
      if (field.isAnnotationPresent(Default.class)
          && property.path("type").asText().equals("string")) {
        // As it was written: the generator turns 60s into a Duration and back into 1m.
        property.put("default", field.getAnnotation(Default.class).value());
      }
      for (ElementDefault element : field.getAnnotationsByType(ElementDefault.class)) {
        defaultOfElement(property, element);
      }
      if (field.isAnnotationPresent(Live.class)) {
        property.put("x-live", true);
      }
      if (field.isAnnotationPresent(Unique.class)) {
        unique(property, field.getAnnotation(Unique.class));
      }
      if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)
          || property.has("default")
          || required.contains(wireName(field))) {
        continue;
      }
      if (component.getType().isRecord()) {
        property.putObject("default");
      } else if (isScalar(property)) {
        required.add(wireName(field));
      }
    }
    if (required.isEmpty()) {
      schema.remove("required");
    } else {
      ArrayNode names = schema.putArray("required");
      required.forEach(names::add);
    }
  }

  private static void completeProperty(ObjectNode schema, Type type) {
    Class<?> raw =
        (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    distinctRules(schema);
    integralBounds(schema);
    if (raw.isRecord()) {
      complete(schema, raw);
    } else if (raw == JsonNode.class) {
      schema.put("type", "object");
    } else if (schema.has("items")) {
      bound(schema, "maxItems", LIST_SIZE);
      completeProperty((ObjectNode) schema.get("items"), argument(type, 0));
    } else if (schema.path("additionalProperties").isObject()) {
      bound(schema, "maxProperties", MAP_SIZE);
      completeProperty((ObjectNode) schema.get("additionalProperties"), argument(type, 1));
    } else if (schema.path("type").asText().equals("string") && !schema.has("enum")) {
      bound(schema, "maxLength", STRING_LENGTH);
    }
  }

  /** The generator sees an annotation on the field and once more on its accessor. */
  private static void distinctRules(ObjectNode schema) {
    if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      LinkedHashSet<JsonNode> distinct = new LinkedHashSet<>();
      rules.forEach(distinct::add);
      rules.removeAll().addAll(distinct);
    }
  }

  /** The generator writes the bounds of whole numbers as 1.0E12. */
  private static void integralBounds(ObjectNode schema) {
    for (String keyword : List.of("minimum", "maximum")) {
      if (schema.path("type").asText().equals("integer") && schema.has(keyword)) {
        schema.put(keyword, schema.get(keyword).longValue());
      }
    }
  }

  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[index]
        : Object.class;
  }

  private static void bound(ObjectNode schema, String keyword, int value) {
    if (!schema.has(keyword)) {
      schema.put(keyword, value);
    }
  }

  private static void defaultOfElement(ObjectNode schema, ElementDefault element) {
    ((ObjectNode) schema.at("/properties/" + element.field())).put("default", element.value());
    if (!(schema.get("required") instanceof ArrayNode required)) {
      return;
    }
    for (int i = required.size() - 1; i >= 0; i--) {
      if (required.get(i).asText().equals(element.field())) {
        required.remove(i);
      }
    }
    if (required.isEmpty()) {
      schema.remove("required");
    }
  }

  private static void unique(ObjectNode schema, Unique unique) {
    if (unique.by().isEmpty()) {
      schema.put("x-kubernetes-list-type", "set");
    } else {
      schema.put("x-kubernetes-list-type", "map");
      schema.putArray("x-kubernetes-list-map-keys").add(unique.by());
    }
  }

  private static boolean isScalar(JsonNode schema) {
    return !schema.has("items")
        && !schema.path("additionalProperties").isObject()
        && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
  }

  private static String wireName(Field field) {
    JsonProperty named = field.getAnnotation(JsonProperty.class);
    return named == null ? field.getName() : named.value();
  }

  private static Field field(Class<?> type, RecordComponent component) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> field.getName().equals(component.getName()))
        .findFirst()
        .orElseThrow();
  }
}
