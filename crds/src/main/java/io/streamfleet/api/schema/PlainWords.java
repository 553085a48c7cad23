package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Explains problems to the author of a manifest. */
public final class PlainWords {

  /** Explains a pattern in words; only in the schema in the jar. */
  private static final String MEANING = "x-meaning";

  /** Seconds first: most who leave out the unit mean them. */
  private static final List<String> UNITS = List.of("s", "Mi");

  /** More digits are neither a duration nor a size, and may be a password in the wrong field. */
  private static final Pattern SHORT_NUMBER = Pattern.compile("[0-9]{1,6}");

  private PlainWords() {}

  /** Explains a problem, without its path. */
  public static String of(Problem problem) {
    return switch (problem) {
      case Problem.WrongType wrong -> type(wrong.schema(), wrong.value());
      case Problem.WrongSize wrong ->
          "must have %s %s, found %d"
              .formatted(range(wrong.min(), wrong.max()), noun(wrong.counted()), wrong.size());
      case Problem.OutOfRange wrong ->
          "must be %s, found %s"
              .formatted(range(wrong.min(), wrong.max()), wrong.number().asText());
      case Problem.NoMatch wrong ->
          pattern(wrong.schema().keywords()) + withUnit(wrong.schema(), wrong.text());
      case Problem.NoChoice wrong -> choice(wrong.choices(), wrong.value());
      case Problem.Missing _ -> "must be set";
      case Problem.Unknown wrong -> "unknown field" + Spelling.hint(wrong.name(), wrong.known());
      case Problem.Duplicate _ -> "must not occur twice in the list";
      case Problem.BrokenRule broken -> broken.guard().message();
    };
  }

  private static String type(Schema schema, JsonNode value) {
    String meaning = schema.type().equals("string") ? meaning(schema.keywords()) : "";
    return "must be %s, found %s%s"
        .formatted(
            meaning.isEmpty() ? noun(schema.type()) : meaning,
            found(value),
            value.isIntegralNumber() ? withUnit(schema, value.asText()) : "");
  }

  /** {@code ", did you mean 30s?"} for a number without its unit, else empty. */
  private static String withUnit(Schema schema, String number) {
    if (!schema.keywords().has("pattern") || !SHORT_NUMBER.matcher(number).matches()) {
      return "";
    }
    return UNITS.stream()
        .map(unit -> number + unit)
        .filter(schema::matches)
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

  private static String noun(Problem.Counted counted) {
    return switch (counted) {
      case Properties -> "entries";
      case Items -> "elements";
      case Length -> "characters";
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

  private static String range(JsonNode min, JsonNode max) {
    if (!max.isNumber()) {
      return "at least " + min.asText();
    }
    return min.isNumber()
        ? "between " + min.asText() + " and " + max.asText()
        : "at most " + max.asText();
  }

  private static String choice(List<JsonNode> choices, JsonNode value) {
    Set<String> names = choices.stream().map(JsonNode::asText).collect(Collectors.toSet());
    return "must be one of "
        + String.join(", ", choices.stream().map(JsonNode::asText).toList())
        + Spelling.hint(value.asText(), names);
  }

  /** The value is not repeated: it may be a password in the wrong field. */
  private static String pattern(JsonNode keywords) {
    String meaning = meaning(keywords);
    if (!meaning.isEmpty()) {
      return "must be " + meaning;
    }
    String description = keywords.path("description").asText();
    return "must match %s%s"
        .formatted(
            keywords.path("pattern").asText(),
            description.isEmpty() ? "" : " (" + description + ")");
  }

  private static String meaning(JsonNode keywords) {
    return keywords.path(MEANING).asText();
  }
}
