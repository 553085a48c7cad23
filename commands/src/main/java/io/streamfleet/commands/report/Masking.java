package io.streamfleet.commands.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Takes out of a manifest what may be secret. */
final class Masking {

  /**
   * Objects whose values are of a user's making: headers with tokens, options of a handler,
   * environment variables. Their names tell enough.
   */
  private static final Set<String> VALUES = Set.of("headers", "options", "env");

  private static final String MASK = "***";

  private Masking() {}

  /** Masks it in place. */
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

  /** Of {@code {name: value}}, and of a list of {@code {name: …, value: …}} as pods have it. */
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
