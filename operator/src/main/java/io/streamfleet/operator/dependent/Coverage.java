package io.streamfleet.operator.dependent;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether an object of the cluster has all desired fields. Further fields are ignored:
 * defaults of the API server, the status, what others added. Server-side apply treats them the same
 * way, so an object that passes need not be applied.
 */
final class Coverage {

  /** Merge keys of lists that the API merges by element. */
  private static final List<String> KEYS =
      List.of("name", "mountPath", "containerPort", "port", "topologyKey", "type");

  private Coverage() {}

  static boolean covers(@Nullable JsonNode actual, JsonNode wanted) {
    if (isNothing(wanted)) {
      return true;
    }
    if (actual == null) {
      return false;
    }
    if (wanted.isObject()) {
      return actual.isObject() && coversFields(actual, wanted);
    }
    if (wanted.isArray()) {
      return actual.isArray() && coversElements(actual, wanted);
    }
    return same(actual, wanted);
  }

  private static boolean coversFields(JsonNode actual, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      if (!covers(actual.get(field.getKey()), field.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean coversElements(JsonNode actual, JsonNode wanted) {
    Optional<String> key = key(wanted);
    if (key.isEmpty()) {
      if (actual.size() != wanted.size()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (!covers(actual.get(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    for (JsonNode element : wanted) {
      if (!covers(find(actual, key.get(), element.get(key.get())), element)) {
        return false;
      }
    }
    return true;
  }

  /** The first merge key that all elements have, with different values. */
  private static Optional<String> key(JsonNode wanted) {
    return KEYS.stream().filter(key -> isUnique(wanted, key)).findFirst();
  }

  private static boolean isUnique(JsonNode list, String key) {
    Set<JsonNode> seen = new HashSet<>();
    for (JsonNode element : list) {
      JsonNode value = element.get(key);
      if (value == null || !value.isValueNode() || !seen.add(value)) {
        return false;
      }
    }
    return !list.isEmpty();
  }

  private static @Nullable JsonNode find(JsonNode list, String key, JsonNode value) {
    for (JsonNode element : list) {
      if (Objects.equals(element.get(key), value)) {
        return element;
      }
    }
    return null;
  }

  /** The API server does not store empty values. */
  private static boolean isNothing(JsonNode wanted) {
    return wanted.isNull()
        || (wanted.isContainerNode() && wanted.isEmpty())
        || (wanted.isTextual() && wanted.textValue().isEmpty());
  }

  private static boolean same(JsonNode actual, JsonNode wanted) {
    return actual.equals(wanted)
        || actual.asText().equals(wanted.asText())
        || quantity(actual).flatMap(a -> quantity(wanted).map(a::equals)).orElse(false);
  }

  /** The API server stores {@code 1000m} as {@code 1}. */
  private static Optional<Quantity> quantity(JsonNode node) {
    if (!node.isValueNode() || node.asText().isEmpty()) {
      return Optional.empty();
    }
    try {
      Quantity parsed = Quantity.parse(node.asText());
      Quantity.getAmountInBytes(parsed);
      return Optional.of(parsed);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
