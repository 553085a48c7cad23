package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.kind.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A strategic merge patch: like a merge patch, but lists whose elements have a key merge by it.
 * Supports {@code $patch: delete}, {@code $patch: replace}, {@code $deleteFromPrimitiveList/...}
 * and {@code $retainKeys}; ignores {@code $setElementOrder/...}, which is only a hint.
 *
 * @see <a
 *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md">Kubernetes
 *     on strategic merge patch</a>
 */
public final class StrategicMergePatch {

  private static final String DIRECTIVE = "$patch";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String RETAIN = "$retainKeys";
  private static final Shape ATOMIC = new Shape.Atomic();

  private StrategicMergePatch() {}

  /** The target with the patch applied; neither argument is changed. */
  public static JsonNode apply(Shape shape, JsonNode target, JsonNode patch) {
    if (patch instanceof ObjectNode object) {
      return object(shape, target, object);
    }
    if (patch instanceof ArrayNode array && shape instanceof Shape.Keyed keyed) {
      return elements(keyed, target, array);
    }
    if (patch instanceof ArrayNode array && shape instanceof Shape.Distinct) {
      return values(target, array);
    }
    return patch.deepCopy();
  }

  private static JsonNode object(Shape shape, JsonNode target, ObjectNode patch) {
    ObjectNode result =
        target instanceof ObjectNode object && !directive(patch).equals("replace")
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    if (patch.has(RETAIN)) {
      result.retain(patch.path(RETAIN).valueStream().map(JsonNode::asText).toList());
    }
    patch.properties().forEach(field -> set(shape, result, field.getKey(), field.getValue()));
    return result;
  }

  private static void set(Shape shape, ObjectNode result, String name, JsonNode value) {
    if (name.startsWith(DELETE_FROM)) {
      String list = name.substring(DELETE_FROM.length());
      ArrayNode rest = result.arrayNode();
      result
          .path(list)
          .valueStream()
          .filter(element -> value.valueStream().noneMatch(element::equals))
          .forEach(rest::add);
      result.set(list, rest);
    } else if (value.isNull() || directive(value).equals("delete")) {
      result.remove(name);
    } else if (!name.startsWith("$")) {
      result.set(name, apply(field(shape, name), result.path(name), value));
    }
  }

  /** Structs that are atomic in server-side apply still merge by field here. */
  private static Shape field(Shape shape, String name) {
    return shape instanceof Shape.Granular(var fields) ? fields.apply(name) : ATOMIC;
  }

  private static ArrayNode elements(Shape.Keyed keyed, JsonNode target, ArrayNode patch) {
    String key = keyed.keys().getFirst();
    List<JsonNode> result = new ArrayList<>();
    if (patch.valueStream().noneMatch(StrategicMergePatch::replacesAll)) {
      target.forEach(result::add);
    }
    for (JsonNode element : patch) {
      int place = place(result, key, element.path(key));
      if (directive(element).equals("delete")) {
        result.removeIf(other -> other.path(key).equals(element.path(key)));
      } else if (place >= 0) {
        result.set(place, apply(keyed.element(), result.get(place), element));
      } else if (!replacesAll(element)) {
        result.add(apply(keyed.element(), JsonNodeFactory.instance.objectNode(), element));
      }
    }
    return JsonNodeFactory.instance.arrayNode().addAll(result);
  }

  private static int place(List<JsonNode> elements, String key, JsonNode value) {
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  /** {@code - $patch: replace} in a list. */
  private static boolean replacesAll(JsonNode element) {
    return element.size() == 1 && directive(element).equals("replace");
  }

  private static ArrayNode values(JsonNode target, ArrayNode patch) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    target.forEach(result::add);
    for (JsonNode value : patch) {
      if (result.valueStream().noneMatch(value::equals)) {
        result.add(value);
      }
    }
    return result;
  }

  private static String directive(JsonNode value) {
    return value.path(DIRECTIVE).asText();
  }
}
