package io.streamfleet.apiserver.store;

import java.util.Comparator;

/**
 * The key of an object.
 *
 * @param group the API group; empty for the core
 * @param resource the plural name
 * @param namespace empty for cluster-scoped objects
 */
public record ObjectKey(String group, String resource, String namespace, String name)
    implements Comparable<ObjectKey> {

  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::group)
          .thenComparing(ObjectKey::resource)
          .thenComparing(ObjectKey::namespace)
          .thenComparing(ObjectKey::name);

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }
}
