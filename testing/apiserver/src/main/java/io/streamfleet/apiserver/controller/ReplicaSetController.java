package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.write.DeleteOptions;
import java.util.Comparator;
import java.util.List;

/** Creates and deletes pods of a ReplicaSet. A ready pod counts as available at once. */
final class ReplicaSetController {

  /** Pods that are not ready first, then the youngest. */
  private static final Comparator<Pod> FIRST_TO_GO =
      Comparator.comparing(Readiness::isPodReady)
          .thenComparing(
              (Pod pod) -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder())
          .thenComparing(pod -> pod.getMetadata().getName());

  private final ClusterObjects objects;

  ReplicaSetController(ClusterObjects objects) {
    this.objects = objects;
  }

  void reconcile(ObjectKey key) {
    objects.get(ReplicaSet.class, key.namespace(), key.name()).ifPresent(this::reconcile);
  }

  private void reconcile(ReplicaSet set) {
    List<Pod> pods = objects.ownedBy(set, Pod.class).stream().filter(Pods::isActive).toList();
    if (set.getMetadata().getDeletionTimestamp() == null) {
      int missing = set.getSpec().getReplicas() - pods.size();
      for (int i = 0; i < missing; i++) {
        objects.create(podOf(set));
      }
      pods.stream()
          .sorted(FIRST_TO_GO)
          .limit(Math.max(0, -missing))
          .forEach(pod -> objects.delete(pod, DeleteOptions.background()));
    }
    objects.patchStatus(set, status(set, pods));
  }

  private static Pod podOf(ReplicaSet set) {
    var template = set.getSpec().getTemplate();
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName(set.getMetadata().getName() + "-")
        .withNamespace(set.getMetadata().getNamespace())
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(template.getMetadata().getAnnotations())
        .withOwnerReferences(Pods.controlledBy(set))
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  private static ObjectNode status(ReplicaSet set, List<Pod> pods) {
    long ready = pods.stream().filter(Readiness::isPodReady).count();
    return JsonNodeFactory.instance
        .objectNode()
        .put("replicas", pods.size())
        .put("fullyLabeledReplicas", pods.size())
        .put("readyReplicas", (int) ready)
        .put("availableReplicas", (int) ready)
        .put("observedGeneration", set.getMetadata().getGeneration().intValue());
  }
}
