package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** What is wrong with a value; {@link PlainWords} explains it. */
public sealed interface Problem {

  /** What the keywords {@code min…} and {@code max…} count. */
  enum Counted {
    Properties,
    Items,
    Length
  }

  /** A value of another type. */
  record WrongType(Schema schema, JsonNode value) implements Problem {}

  /**
   * Too many or too few.
   *
   * @param min missing node if there is no such bound; {@code max} likewise
   */
  record WrongSize(Counted counted, JsonNode min, JsonNode max, long size) implements Problem {}

  /**
   * A number out of its range.
   *
   * @param min missing node if there is no such bound; {@code max} likewise
   */
  record OutOfRange(JsonNode min, JsonNode max, JsonNode number) implements Problem {}

  /** A string that does not match its pattern. */
  record NoMatch(Schema schema, String text) implements Problem {}

  /** A value that is not one of the allowed ones. */
  record NoChoice(List<JsonNode> choices, JsonNode value) implements Problem {}

  /** A required field is missing. */
  record Missing() implements Problem {}

  /** A field that the schema does not have. */
  record Unknown(String name, Set<String> known) implements Problem {}

  /** An element that occurs twice in its list. */
  record Duplicate(List<JsonNode> identity) implements Problem {}

  /** A rule that does not hold. */
  record BrokenRule(Schema.Guard guard, JsonNode value) implements Problem {}
}
