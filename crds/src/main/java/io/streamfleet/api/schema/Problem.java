package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** What is wrong with a value. The words for it are its reader's: see {@link PlainWords}. */
public sealed interface Problem {

  /** What is counted by the keywords {@code min…} and {@code max…}. */
  enum Counted {
    Properties,
    Items,
    Length
  }

  /** A value of another type. */
  record WrongType(Schema schema, JsonNode value) implements Problem {}

  /**
   * Too much or too little of it.
   *
   * @param min missing where there is no such bound, as is {@code max}
   */
  record WrongSize(Counted counted, JsonNode min, JsonNode max, long size) implements Problem {}

  /**
   * A number out of its range.
   *
   * @param min missing where there is no such bound, as is {@code max}
   */
  record OutOfRange(JsonNode min, JsonNode max, JsonNode number) implements Problem {}

  /** A text that does not match its pattern. */
  record NoMatch(Schema schema, String text) implements Problem {}

  /** A value that is none of those that are allowed. */
  record NoChoice(List<JsonNode> choices, JsonNode value) implements Problem {}

  /** A field that has to be set. */
  record Missing() implements Problem {}

  /** A field that the schema does not have. */
  record Unknown(String name, Set<String> known) implements Problem {}

  /** An element that is in its list already. */
  record Duplicate(List<JsonNode> identity) implements Problem {}

  /** A rule that does not hold. */
  record BrokenRule(Schema.Guard guard, JsonNode value) implements Problem {}
}
