package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.schema.Problem;
import io.streamfleet.api.schema.Schema;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import java.util.List;

/** Formats problems as a cluster does. */
final class ClusterWords {

  private ClusterWords() {}

  static Cause of(String path, Problem problem) {
    return switch (problem) {
      case Problem.WrongType wrong ->
          cause(
              "FieldValueTypeInvalid",
              path,
              "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
                  .formatted(
                      typeOf(wrong.value()), path, wanted(wrong.schema()), typeOf(wrong.value())));
      case Problem.WrongSize wrong -> size(path, wrong);
      case Problem.OutOfRange wrong ->
          invalid(
              path,
              wrong.number().asText(),
              wrong.min().isNumber() && wrong.number().doubleValue() < wrong.min().doubleValue()
                  ? "should be greater than or equal to " + wrong.min().asText()
                  : "should be less than or equal to " + wrong.max().asText());
      case Problem.NoMatch wrong ->
          invalid(
              path,
              "\"" + wrong.text() + "\"",
              "should match '%s'".formatted(wrong.schema().keywords().path("pattern").asText()));
      case Problem.NoChoice wrong ->
          cause(
              "FieldValueNotSupported",
              path,
              "Unsupported value: %s: supported values: %s"
                  .formatted(wrong.value(), joined(wrong.choices())));
      case Problem.Missing _ -> cause("FieldValueRequired", path, "Required value");
      case Problem.Unknown _ -> cause("FieldValueForbidden", path, "Forbidden: unknown field");
      case Problem.Duplicate wrong ->
          cause("FieldValueDuplicate", path, "Duplicate value: " + wrong.identity());
      case Problem.BrokenRule broken ->
          cause(
              "FieldValueInvalid",
              path,
              "Invalid value: \"%s\": %s"
                  .formatted(typeOf(broken.value()), broken.guard().message()));
    };
  }

  private static Cause size(String path, Problem.WrongSize wrong) {
    boolean tooMuch = wrong.max().isNumber() && wrong.size() > wrong.max().asLong();
    boolean isText = wrong.counted() == Problem.Counted.Length;
    if (tooMuch) {
      return isText
          ? cause(
              "FieldValueTooLong",
              path,
              "Too long: may not be more than %s bytes".formatted(wrong.max().asText()))
          : cause(
              "FieldValueTooMany",
              path,
              "Too many: %d: must have at most %s items"
                  .formatted(wrong.size(), wrong.max().asText()));
    }
    return invalid(
        path,
        String.valueOf(wrong.size()),
        (isText ? "should be at least %s chars long" : "should have at least %s items")
            .formatted(wrong.min().asText()));
  }

  private static String joined(List<JsonNode> choices) {
    return String.join(", ", choices.stream().map(JsonNode::toString).toList());
  }

  private static String wanted(Schema schema) {
    return schema.type().isEmpty() ? "integer or string" : schema.type();
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, POJO -> "object";
      case ARRAY -> "array";
      case STRING, BINARY -> "string";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case BOOLEAN -> "boolean";
      case NULL, MISSING -> "null";
    };
  }

  private static Cause invalid(String path, String value, String problem) {
    return cause(
        "FieldValueInvalid",
        path,
        "Invalid value: %s: %s in body %s".formatted(value, path, problem));
  }

  private static Cause cause(String reason, String path, String message) {
    return new Cause(reason, message, path.isEmpty() ? "<nil>" : path);
  }
}
