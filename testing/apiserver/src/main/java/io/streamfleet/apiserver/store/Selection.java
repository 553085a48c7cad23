package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/**
 * A selection of objects.
 *
 * @param resource empty for all, of every group
 * @param namespace empty for all
 * @param condition on their content
 */
public record Selection(
    String group, String resource, String namespace, Predicate<JsonNode> condition) {

  /** All objects of a resource. */
  public static Selection all(String group, String resource) {
    return new Selection(group, resource, "", object -> true);
  }

  /** All objects. */
  public static Selection everything() {
    return new Selection("", "", "", object -> true);
  }

  /** The smallest possible key. */
  ObjectKey first() {
    return new ObjectKey(group, resource, namespace, "");
  }

  boolean covers(ObjectKey key) {
    return resource.isEmpty()
        || (key.group().equals(group) && key.resource().equals(resource) && isIn(key));
  }

  private boolean isIn(ObjectKey key) {
    return (namespace.isEmpty() || key.namespace().equals(namespace));
  }
}
