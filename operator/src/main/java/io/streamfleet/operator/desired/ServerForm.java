package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;

/**
 * Writes a part of a pod as the API server stores it. Otherwise the stored object would always
 * differ from the desired one, and the operator would apply it again for ever.
 *
 * <p>Only structs and lists that server-side apply treats as atomic matter, and merge keys of
 * lists. Elsewhere a default is a separate field that the server owns.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go">the
 *     server's defaults</a>
 */
final class ServerForm {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Fields whose values are maps of quantities. */
  private static final Set<String> QUANTITY_MAPS = Set.of("requests", "limits");

  private static final Set<String> QUANTITIES = Set.of("sizeLimit", "divisor");

  /** The default lifetime of a projected service account token. */
  private static final int TOKEN_SECONDS = 3600;

  private ServerForm() {}

  static JsonNode of(JsonNode part) {
    return switch (part) {
      case ObjectNode object -> object(object);
      case ArrayNode array -> array(array);
      default -> part;
    };
  }

  private static ArrayNode array(ArrayNode array) {
    ArrayNode form = JSON.arrayNode();
    array.forEach(element -> form.add(of(element)));
    return form;
  }

  private static ObjectNode object(ObjectNode object) {
    ObjectNode form = JSON.objectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      JsonNode value = entry.getValue();
      // An empty object may have a meaning (emptyDir, a selector for everything); null and an empty
      // list have none.
      if (!value.isNull() && !(value.isArray() && value.isEmpty())) {
        form.set(entry.getKey(), field(entry.getKey(), of(value)));
      }
    }
    if (form.path("value").asText().isEmpty() && form.has("name")) {
      // An environment variable: the server does not store an empty value.
      form.remove("value");
    }
    return form;
  }

  private static JsonNode field(String name, JsonNode value) {
    if (value instanceof ObjectNode object) {
      switch (name) {
        case "fieldRef" -> object.putIfAbsent("apiVersion", JSON.textNode("v1"));
        case "resourceFieldRef" -> object.putIfAbsent("divisor", JSON.textNode("0"));
        case "serviceAccountToken" ->
            object.putIfAbsent("expirationSeconds", JSON.numberNode(TOKEN_SECONDS));
        default -> {
          if (QUANTITY_MAPS.contains(name)) {
            object.properties().forEach(entry -> entry.setValue(quantity(entry.getValue())));
          }
        }
      }
    }
    if (name.equals("ports") && value instanceof ArrayNode ports) {
      for (JsonNode port : ports) {
        if (port instanceof ObjectNode object) {
          object.putIfAbsent("protocol", JSON.textNode("TCP"));
        }
      }
    }
    return QUANTITIES.contains(name) ? quantity(value) : value;
  }

  private static JsonNode quantity(JsonNode value) {
    return value.isValueNode() ? TextNode.valueOf(CanonicalQuantity.of(value.asText())) : value;
  }
}
