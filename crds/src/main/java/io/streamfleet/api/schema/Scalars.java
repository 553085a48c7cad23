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

  /** Seconds before anything else: that is what is meant by most who leave the unit out. */
  private static final List<String> UNITS = List.of("s", "Mi");

  /** More digits are no duration and no size, and might be a password in the wrong place. */
  private static final Pattern SHORT_NUMBER = Pattern.compile("[0-9]{1,6}");

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

  static String typeProblem(JsonNode keywords, String type, JsonNode value) {
    String meaning = type.equals("string") ? keywords.path(MEANING).asText() : "";
    return "must be %s, found %s%s"
        .formatted(
            meaning.isEmpty() ? noun(type) : meaning,
            found(value),
            value.isIntegralNumber() ? withUnit(keywords, value.asText()) : "");
  }

  /** {@code ", did you mean 30s?"} where a number lacks its unit, or nothing. */
  private static String withUnit(JsonNode keywords, String number) {
    String pattern = keywords.path("pattern").asText();
    if (pattern.isEmpty() || !SHORT_NUMBER.matcher(number).matches()) {
      return "";
    }
    return UNITS.stream()
        .map(unit -> number + unit)
        .filter(it -> Pattern.compile(toJava(pattern)).matcher(it).find())
        .findFirst()
        .map(", did you mean %s?"::formatted)
        .orElse("");
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
      problems.accept(patternProblem(keywords) + withUnit(keywords, text));
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
