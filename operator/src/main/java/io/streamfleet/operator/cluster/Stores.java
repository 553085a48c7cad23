package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where informers keep what they heard of.
 *
 * @param shared whether several informers of one kind would get the same store, as with several
 *     namespaces: each would take what the others put there for gone, so then each has its own,
 *     with objects as they come
 */
public record Stores(boolean shared) {

  /**
   * Those for an operator.
   *
   * @param namespaces those that are watched; all if empty
   */
  public static Stores forNamespaces(Set<String> namespaces) {
    return new Stores(namespaces.size() > 1);
  }

  /** This store, where it may be used. */
  public <R extends HasMetadata> @Nullable ItemStore<R> use(ItemStore<R> pruned) {
    return shared ? null : pruned;
  }
}
