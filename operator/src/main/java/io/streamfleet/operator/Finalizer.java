package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.api.DeletionPolicy;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.dependent.ApplyFailure;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a resource until its groups are deleted. It is set only with {@code deletionPolicy:
 * Delete}: if the operator is uninstalled first, a finalizer blocks the deletion of the namespace
 * for ever.
 */
final class Finalizer {

  private static final Logger LOG = LoggerFactory.getLogger(Finalizer.class);

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

  /** Adds or removes it, as the policy asks for. */
  void keep(StreamConsumerGroup resource, DeletionPolicy policy) {
    boolean wanted = policy == DeletionPolicy.Delete;
    if (wanted && !isOn(resource)) {
      apply(resource, List.of(NAME));
    } else if (!wanted && isOn(resource)) {
      remove(resource);
    }
  }

  /**
   * The same for a resource with an invalid spec. The API server may refuse to write such a
   * resource, which must not stop the rest of the reconcile.
   */
  void keepIfPossible(StreamConsumerGroup resource, Optional<DeletionPolicy> policy) {
    try {
      policy.ifPresent(it -> keep(resource, it));
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("resource", FleetId.of(resource))
          .addKeyValue("failure", ApplyFailure.line(e))
          .log("the finalizer of a resource that can't work was not changed");
    }
  }

  /** Whether a resource is being deleted and its groups with it. */
  static boolean isCarriedOut(StreamConsumerGroup resource) {
    return resource.isMarkedForDeletion()
        && isOn(resource)
        && !Fleet.deletionPolicy(resource).equals(Optional.of(DeletionPolicy.Retain));
  }

  /** Server-side apply removes the finalizers that we no longer apply; those of others stay. */
  void remove(StreamConsumerGroup resource) {
    apply(resource, List.of());
  }

  private void apply(StreamConsumerGroup resource, List<String> finalizers) {
    StreamConsumerGroup patch = new StreamConsumerGroup();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            // A resource that is gone must not be created again by this apply.
            .withUid(resource.getMetadata().getUid())
            .withFinalizers(finalizers)
            .build());
    client.resource(patch).fieldManager(fieldManager).forceConflicts().serverSideApply();
  }
}
