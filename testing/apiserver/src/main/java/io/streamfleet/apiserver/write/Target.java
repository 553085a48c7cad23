package io.streamfleet.apiserver.write;

import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.store.ObjectKey;

/**
 * The target of a write.
 *
 * @param namespace empty for cluster-scoped objects
 * @param subresource empty for the object itself
 */
public record Target(ResourceType type, String namespace, String name, String subresource) {

  /** The object itself. */
  public static Target of(ResourceType type, String namespace, String name) {
    return new Target(type, namespace, name, "");
  }

  /** The object's status subresource if it has one, else the object. */
  public Target status() {
    return new Target(type, namespace, name, type.statusIsolated() ? "status" : "");
  }

  /** The key in the store. */
  public ObjectKey key() {
    return new ObjectKey(type.group(), type.resource(), namespace, name);
  }

  boolean isStatus() {
    return subresource.equals("status");
  }
}
