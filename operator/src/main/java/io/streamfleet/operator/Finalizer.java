package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.DeletionPolicy;
import io.streamfleet.api.StreamConsumerGroup;
import java.util.List;

/**
 * Keeps a resource from being gone before its groups are. It is there with {@code deletionPolicy:
 * Delete} only: a finalizer whose operator was uninstalled first keeps a namespace from ever being
 * deleted.
 */
final class Finalizer {

  static final String NAME = "streamfleet.io/redis-groups";

  private final KubernetesClient client;
  private final String fieldManager;

  Finalizer(KubernetesClient client, String fieldManager) {
    this.client = client;
    this.fieldManager = fieldManager;
  }

  static boolean isOn(StreamConsumerGroup resource) {
    return resource.hasFinalizer(NAME);
  }

  /** Has it there, or not, as the policy of the resource asks for. */
  void keep(StreamConsumerGroup resource, DeletionPolicy policy) {
    boolean wanted = policy == DeletionPolicy.Delete;
    if (wanted && !isOn(resource)) {
      apply(resource, List.of(NAME));
    } else if (!wanted && isOn(resource)) {
      remove(resource);
    }
  }

  /** What is applied no more is removed; finalizers of others stay. */
  void remove(StreamConsumerGroup resource) {
    apply(resource, List.of());
  }

  private void apply(StreamConsumerGroup resource, List<String> finalizers) {
    StreamConsumerGroup patch = new StreamConsumerGroup();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            // So that a resource which is gone is not made anew.
            .withUid(resource.getMetadata().getUid())
            .withFinalizers(finalizers)
            .build());
    client.resource(patch).fieldManager(fieldManager).forceConflicts().serverSideApply();
  }
}
