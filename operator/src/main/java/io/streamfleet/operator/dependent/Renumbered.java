package io.streamfleet.operator.dependent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * Finds ports whose number was changed by somebody else. The merge key of server-side apply for
 * ports is number and protocol, not the name: it would add our port beside the changed one, and the
 * API server would refuse the duplicate name each time. So the changed port has to be removed
 * first. When the fleet itself changes a number, applying is enough.
 */
final class Renumbered {

  private static final List<String> NUMBERS = List.of("containerPort", "port", "protocol");

  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  private Renumbered() {}

  /** A JSON patch that removes them; empty if there are none. */
  static ArrayNode removals(JsonNode actual, JsonNode wanted) {
    Renumbered found = new Renumbered();
    found.compare(actual, wanted, "");
    if (!found.operations.isEmpty()) {
      // Indices are valid for this resource version only.
      found
          .operations
          .insertObject(0)
          .put("op", "test")
          .put("path", "/metadata/resourceVersion")
          .put("value", actual.at("/metadata/resourceVersion").asText());
    }
    return found.operations;
  }

  private void compare(JsonNode actual, JsonNode wanted, String path) {
    if (wanted.isObject()) {
      wanted
          .properties()
          .forEach(
              field ->
                  compare(
                      actual.path(field.getKey()),
                      field.getValue(),
                      path + "/" + field.getKey().replace("~", "~0").replace("/", "~1")));
      return;
    }
    // From the end, so that a removal does not move elements that are still to be removed.
    for (int i = wanted.isArray() ? actual.size() - 1 : -1; i >= 0; i--) {
      for (JsonNode element : wanted) {
        if (element.hasNonNull("name") && element.get("name").equals(actual.get(i).get("name"))) {
          compareNamesakes(actual.get(i), element, path + "/" + i);
        }
      }
    }
  }

  private void compareNamesakes(JsonNode actual, JsonNode wanted, String path) {
    boolean renumbered =
        NUMBERS.stream()
            .anyMatch(key -> wanted.hasNonNull(key) && !wanted.get(key).equals(actual.path(key)));
    if (renumbered) {
      operations.addObject().put("op", "remove").put("path", path);
    } else {
      compare(actual, wanted, path);
    }
  }
}
