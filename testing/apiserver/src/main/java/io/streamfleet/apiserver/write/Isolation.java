package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Separates status from the rest, if the kind has a status subresource: a write of one leaves the
 * other unchanged.
 */
final class Isolation {

  private Isolation() {}

  /** The part of an applied configuration that the target accepts. */
  static ObjectNode own(Target target, ObjectNode config) {
    ObjectNode own = config.deepCopy();
    if (target.isStatus()) {
      own.retain("apiVersion", "kind", "status");
    } else if (target.type().statusIsolated()) {
      own.remove("status");
    }
    return own;
  }

  /** The result of writing {@code candidate} to the target. */
  static ObjectNode isolated(Target target, ObjectNode live, ObjectNode candidate) {
    if (target.isStatus()) {
      ObjectNode next = live.deepCopy();
      copy("status", candidate, next);
      return next;
    }
    if (target.type().statusIsolated()) {
      copy("status", live, candidate);
    }
    return candidate;
  }

  private static void copy(String field, JsonNode from, ObjectNode to) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  /** Whether anything except metadata and status differs. */
  static boolean differsInSpec(ObjectNode live, ObjectNode next) {
    return !spec(live).equals(spec(next));
  }

  private static ObjectNode spec(ObjectNode object) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode().setAll(object);
    return rest.remove(List.of("metadata", "status"));
  }
}
