package io.streamfleet.operator.settings;

import java.util.Map;
import java.util.function.Function;

/**
 * One environment variable.
 *
 * @param name of the variable
 * @param fallback its default
 * @param meaning a sentence for the documentation
 * @param parser of the text; throws {@link IllegalArgumentException} that says what is valid
 */
record Setting<T>(String name, String fallback, String meaning, Function<String, T> parser) {

  /**
   * Reads it.
   *
   * @throws BadSetting when the value is invalid
   */
  T read(Map<String, String> environment) {
    String text = environment.getOrDefault(name, "").strip();
    try {
      return parser.apply(text.isEmpty() ? fallback : text);
    } catch (IllegalArgumentException e) {
      throw new BadSetting("%s: %s, found %s".formatted(name, e.getMessage(), text));
    }
  }
}
