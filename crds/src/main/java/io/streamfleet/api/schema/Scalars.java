package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The types, and the keywords that constrain a text or a number. */
final class Scalars {

  /** What the texts of a pattern are, in words; in the schema in the jar only. */
  private static final String MEANING = "x-meaning";

  private Scalars() {}

  /** Whether a value is of a type; nothing is coerced. */
  static boolean isOfType(String type, JsonNode value) {
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

  static String typeProblem(String type, JsonNode value) {
    return "must be %s, found %s".formatted(noun(type), found(value));
  }

  private static String noun(String type) {
    return switch (type) {
      case "object" -> "a mapping";
      case "array" -> "a list";
      case "string" -> "a text";
      case "boolean" -> "true or false";
      case "integer" -> "a whole number";
      default -> "a " + type;
    };
  }

  private static String found(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, POJO -> "a mapping";
      case ARRAY -> "a list";
      case STRING, BINARY -> "a text";
      case NUMBER -> "the number " + value.asText();
      case BOOLEAN -> value.asText();
      case NULL, MISSING -> "nothing";
    };
  }

  static void check(JsonNode keywords, JsonNode value, Consumer<String> problems) {
    if (value.isNumber()) {
      Sizes.checkNumber(keywords, value).ifPresent(problems);
    } else if (value.isTextual()) {
      checkText(keywords, value.textValue(), problems);
    }
  }

  private static void checkText(JsonNode keywords, String text, Consumer<String> problems) {
    Sizes.check(keywords, "Length", "characters", text.codePointCount(0, text.length()))
        .ifPresent(problems);
    JsonNode pattern = keywords.path("pattern");
    if (pattern.isTextual() && !Pattern.compile(toJava(pattern.textValue())).matcher(text).find()) {
      problems.accept(patternProblem(keywords));
    }
    List<String> choices = keywords.path("enum").valueStream().map(JsonNode::asText).toList();
    if (!choices.isEmpty() && !choices.contains(text)) {
      problems.accept(
          "must be one of "
              + String.join(", ", choices)
              + Spelling.hint(text, Set.copyOf(choices)));
    }
  }

  /** To Go the end is the end; to Java it may be before a last line feed, too. */
  private static String toJava(String pattern) {
    return pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern;
  }

  /** The text itself is not repeated: it may hold a password in the wrong place. */
  private static String patternProblem(JsonNode keywords) {
    String meaning = keywords.path(MEANING).asText();
    if (!meaning.isEmpty()) {
      return "must be " + meaning;
    }
    String description = keywords.path("description").asText();
    return "must match %s%s"
        .formatted(
            keywords.path("pattern").asText(),
            description.isEmpty() ? "" : " (" + description + ")");
  }
}
