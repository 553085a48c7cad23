package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;

/** The keywords that constrain a text or a number. */
final class Scalars {

  /** Takes what is wrong. */
  @FunctionalInterface
  interface Findings {
    void add(String reason, String path, String message);
  }

  private Scalars() {}

  static void check(JsonNode schema, JsonNode value, String path, Findings findings) {
    List<JsonNode> choices = schema.path("enum").valueStream().toList();
    if (!choices.isEmpty() && !choices.contains(value)) {
      String supported = String.join(", ", choices.stream().map(JsonNode::toString).toList());
      findings.add(
          "FieldValueNotSupported",
          path,
          "Unsupported value: %s: supported values: %s".formatted(value, supported));
    }
    if (value.isTextual()) {
      checkText(schema, value.textValue(), path, findings);
    } else if (value.isNumber()) {
      checkNumber(schema, value, path, findings);
    }
  }

  private static void checkText(JsonNode schema, String text, String path, Findings findings) {
    int length = text.codePointCount(0, text.length());
    if (schema.has("maxLength") && length > schema.path("maxLength").asInt()) {
      findings.add(
          "FieldValueTooLong",
          path,
          "Too long: may not be more than %s bytes".formatted(schema.path("maxLength").asText()));
    }
    if (length < schema.path("minLength").asInt()) {
      invalid(
          "\"" + text + "\"",
          path,
          "should be at least %s chars long".formatted(schema.path("minLength").asText()),
          findings);
    }
    String pattern = schema.path("pattern").asText();
    if (!pattern.isEmpty() && !Pattern.compile(toJava(pattern)).matcher(text).find()) {
      invalid("\"" + text + "\"", path, "should match '%s'".formatted(pattern), findings);
    }
  }

  /** To Go the end is the end; to Java it may be before a last line feed, too. */
  private static String toJava(String pattern) {
    return pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern;
  }

  private static void checkNumber(
      JsonNode schema, JsonNode number, String path, Findings findings) {
    JsonNode minimum = schema.path("minimum");
    JsonNode maximum = schema.path("maximum");
    if (minimum.isNumber() && number.doubleValue() < minimum.doubleValue()) {
      invalid(
          number.asText(),
          path,
          "should be greater than or equal to " + minimum.asText(),
          findings);
    }
    if (maximum.isNumber() && number.doubleValue() > maximum.doubleValue()) {
      invalid(
          number.asText(), path, "should be less than or equal to " + maximum.asText(), findings);
    }
  }

  private static void invalid(String value, String path, String problem, Findings findings) {
    findings.add(
        "FieldValueInvalid",
        path,
        "Invalid value: %s: %s in body %s".formatted(value, path, problem));
  }
}
