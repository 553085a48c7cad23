package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the field of a printer column: {@code .status.workers}, or {@code
 * .status.conditions[?(@.type=="Ready")].status}. This is the part of JSONPath that CRDs commonly
 * use; any other path finds nothing.
 */
final class FieldText {

  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<name>[A-Za-z0-9_-]+)"
              + "(?:\\[\\?\\(@\\.(?<key>[A-Za-z0-9_-]+)==[\"'](?<value>[^\"']*)[\"']\\)\\])?");

  private FieldText() {}

  static JsonNode at(JsonNode object, String path) {
    Matcher step = STEP.matcher(path);
    JsonNode place = object;
    int end = 0;
    while (step.find() && step.start() == end) {
      end = step.end();
      place = place.path(step.group("name"));
      String key = step.group("key");
      if (key != null) {
        place = element(place, key, step.group("value"));
      }
    }
    return end == path.length() ? place : MissingNode.getInstance();
  }

  private static JsonNode element(JsonNode list, String key, String value) {
    return list.valueStream()
        .filter(element -> element.path(key).asText().equals(value))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }
}
