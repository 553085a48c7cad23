package io.streamfleet.operator.check;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.streamfleet.api.schema.Spelling;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks that a free-form tree has the fields and types of a part of a pod. Jackson would drop
 * unknown fields and convert wrong types; the API server would refuse them or, worse, drop them
 * too.
 */
final class PodShape {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Cached: the fields of a type never change, and the introspection is slow. */
  private static final ClassValue<Map<String, JavaType>> FIELDS =
      new ClassValue<>() {
        @Override
        protected Map<String, JavaType> computeValue(Class<?> type) {
          BeanDescription description =
              JSON.getDeserializationConfig().introspect(JSON.constructType(type));
          Map<String, JavaType> fields = new LinkedHashMap<>();
          for (BeanPropertyDefinition property : description.findProperties()) {
            fields.put(property.getName(), property.getPrimaryType());
          }
          return Collections.unmodifiableMap(fields);
        }
      };

  private final Problems problems;

  PodShape(Problems problems) {
    this.problems = problems;
  }

  void check(String path, JsonNode tree, Class<?> type) {
    check(path, tree, JSON.constructType(type));
  }

  private void check(String path, JsonNode tree, JavaType type) {
    if (tree.isNull()) {
      return;
    }
    Class<?> raw = type.getRawClass();
    if (raw == Quantity.class) {
      expect(path, tree.isTextual() || tree.isNumber(), "a quantity such as 500m or 256Mi");
      if (tree.isTextual() && !isQuantity(tree.textValue())) {
        problems.add(path, "must be a quantity such as 500m or 256Mi");
      }
    } else if (raw == IntOrString.class) {
      expect(path, tree.isTextual() || tree.isInt(), "a number or a text");
    } else if (raw == String.class) {
      expect(path, tree.isTextual(), "a text; a number or a truth value needs quotes");
    } else if (raw == Boolean.class) {
      expect(path, tree.isBoolean(), "true or false");
    } else if (Number.class.isAssignableFrom(raw)) {
      expect(path, tree.isIntegralNumber(), "a whole number");
    } else if (type.isCollectionLikeType()) {
      if (expect(path, tree.isArray(), "a list")) {
        int index = 0;
        for (JsonNode element : tree) {
          check(path + "[" + index++ + "]", element, type.getContentType());
        }
      }
    } else if (type.isMapLikeType()) {
      if (expect(path, tree.isObject(), "a mapping")) {
        tree.properties()
            .forEach(
                entry ->
                    check(
                        path + "[" + entry.getKey() + "]",
                        entry.getValue(),
                        type.getContentType()));
      }
    } else if (raw != Object.class && expect(path, tree.isObject(), "a mapping")) {
      fields(path, tree, type);
    }
  }

  private void fields(String path, JsonNode tree, JavaType type) {
    Map<String, JavaType> known = FIELDS.get(type.getRawClass());
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      JavaType field = known.get(entry.getKey());
      String below = path + "." + entry.getKey();
      if (field == null) {
        problems.add(
            below, "unknown field of a pod" + Spelling.hint(entry.getKey(), known.keySet()));
      } else {
        check(below, entry.getValue(), field);
      }
    }
  }

  static boolean isQuantity(String text) {
    return text.matches(
        "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
  }

  private boolean expect(String path, boolean isSo, String what) {
    if (!isSo) {
      problems.add(path, "must be " + what);
    }
    return isSo;
  }
}
