package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Selects by the values of fields. Any field is allowed; a cluster supports a few for each kind and
 * refuses the rest.
 */
public final class FieldSelector {

  private static final Pattern REQUIREMENT = Pattern.compile("([A-Za-z0-9_.]+)(==|=|!=)(.*)");

  private FieldSelector() {}

  /**
   * Parses a selector such as {@code metadata.name=a,status.phase!=Running}.
   *
   * @throws ApiFailure 400 if it is invalid
   */
  public static Predicate<JsonNode> parse(String text) {
    List<Predicate<JsonNode>> requirements = new ArrayList<>();
    for (String requirement : text.split(",", -1)) {
      if (!requirement.isBlank()) {
        requirements.add(requirement(requirement.strip()));
      }
    }
    return object -> requirements.stream().allMatch(requirement -> requirement.test(object));
  }

  private static Predicate<JsonNode> requirement(String text) {
    Matcher parts = REQUIREMENT.matcher(text);
    if (!parts.matches()) {
      throw ApiFailure.badRequest("invalid field selector \"%s\"".formatted(text));
    }
    String pointer = "/" + parts.group(1).replace('.', '/');
    boolean wanted = !parts.group(2).equals("!=");
    return object -> object.at(pointer).asText().equals(parts.group(3)) == wanted;
  }
}
