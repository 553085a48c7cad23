package io.streamfleet.commands.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Masks the values in a manifest that can be secret. */
final class Masking {

  /**
   * The fields whose values are masked, as users can put secrets there: HTTP headers, options of a
   * handler, environment variables. Only the names are kept.
   */
  private static final Set<String> VALUES = Set.of("headers", "options", "env");

  private static final String MASK = "***";

  private Masking() {}

  /** Masks the values in place. */
  static void mask(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                if (VALUES.contains(field.getKey())) {
                  maskValues(field.getValue());
                } else {
                  mask(field.getValue());
                }
              });
    } else {
      node.forEach(Masking::mask);
    }
  }

  /** Masks a mapping of names to values, or a list of objects with name and value as in pods. */
  private static void maskValues(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.fieldNames().forEachRemaining(name -> object.put(name, MASK));
      return;
    }
    for (JsonNode item : node) {
      if (item instanceof ObjectNode variable && variable.has("value")) {
        variable.put("value", MASK);
      }
    }
  }
}
