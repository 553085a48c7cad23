package io.streamfleet.operator.settings;

import java.util.Map;
import java.util.function.Function;

/**
 * One thing that the environment may say.
 *
 * @param name the environment variable
 * @param fallback its value where the environment says nothing
 * @param meaning a sentence for the documentation
 * @param parser of the text; throws {@link IllegalArgumentException} with what would be right
 */
record Setting<T>(String name, String fallback, String meaning, Function<String, T> parser) {

  /**
   * Reads it.
   *
   * @throws BadSetting when the text can't be understood
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
