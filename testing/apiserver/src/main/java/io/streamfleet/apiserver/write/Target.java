package io.streamfleet.apiserver.write;

import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.store.ObjectKey;

/**
 * What is written.
 *
 * @param namespace empty for what is in none
 * @param subresource empty for the object itself
 */
public record Target(ResourceType type, String namespace, String name, String subresource) {

  /** The object itself. */
  public static Target of(ResourceType type, String namespace, String name) {
    return new Target(type, namespace, name, "");
  }

  /** The object's status, where that is apart, else the object. */
  public Target status() {
    return new Target(type, namespace, name, type.statusIsolated() ? "status" : "");
  }

  /** Where it is stored. */
  public ObjectKey key() {
    return new ObjectKey(type.group(), type.resource(), namespace, name);
  }

  boolean isStatus() {
    return subresource.equals("status");
  }
}
