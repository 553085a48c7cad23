package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The bounds that come in pairs: of a number, a length, a count. */
final class Sizes {

  private Sizes() {}

  /** Checks {@code min<what>} and {@code max<what>}, and says in {@code unit} what is right. */
  static Optional<String> check(JsonNode keywords, String what, String unit, long size) {
    JsonNode min = keywords.path("min" + what);
    JsonNode max = keywords.path("max" + what);
    return problem(min, max, (double) size)
        .map(range -> "must have %s %s, found %d".formatted(range, unit, size));
  }

  /** Checks {@code minimum} and {@code maximum}. */
  static Optional<String> checkNumber(JsonNode keywords, JsonNode number) {
    return problem(keywords.path("minimum"), keywords.path("maximum"), number.doubleValue())
        .map(range -> "must be %s, found %s".formatted(range, number.asText()));
  }

  private static Optional<String> problem(JsonNode min, JsonNode max, double value) {
    boolean tooSmall = min.isNumber() && value < min.doubleValue();
    boolean tooLarge = max.isNumber() && value > max.doubleValue();
    if (!tooSmall && !tooLarge) {
      return Optional.empty();
    }
    if (!max.isNumber()) {
      return Optional.of("at least " + min.asText());
    }
    return Optional.of(
        min.isNumber()
            ? "between " + min.asText() + " and " + max.asText()
            : "at most " + max.asText());
  }
}
