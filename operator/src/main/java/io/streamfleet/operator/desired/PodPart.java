package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * Converts a free-form part of the spec to the type that a pod has for it, in the form in which the
 * server stores it. It does not validate; {@code check} did.
 */
final class PodPart {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PodPart() {}

  static <T> T of(JsonNode part, Class<T> type) {
    return JSON.convertValue(ServerForm.of(part), type);
  }

  static <T> List<T> list(List<JsonNode> parts, Class<T> type) {
    return parts.stream().map(part -> of(part, type)).toList();
  }
}
