package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.write.DeleteOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a ReplicaSet for each pod template of a Deployment, and moves pods from the old ones to the
 * new one.
 */
final class DeploymentController {

  private static final String HASH_LABEL = "pod-template-hash";
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private final ClusterObjects objects;
  private final DeploymentStatusWriter status;

  DeploymentController(ClusterObjects objects, DeploymentStatusWriter status) {
    this.objects = objects;
    this.status = status;
  }

  void reconcile(ObjectKey key) {
    objects
        .get(Deployment.class, key.namespace(), key.name())
        .filter(deployment -> deployment.getMetadata().getDeletionTimestamp() == null)
        .ifPresent(this::reconcile);
  }

  private void reconcile(Deployment deployment) {
    String hash = TemplateHash.of(objects.tree(deployment.getSpec().getTemplate()));
    String name = deployment.getMetadata().getName() + "-" + hash;
    List<ReplicaSet> sets = objects.ownedBy(deployment, ReplicaSet.class);
    ReplicaSet current =
        sets.stream()
            .filter(set -> set.getMetadata().getName().equals(name))
            .findFirst()
            .orElse(null);
    List<ReplicaSet> old =
        sets.stream()
            .filter(set -> !set.getMetadata().getName().equals(name))
            .sorted(Comparator.comparingInt(DeploymentController::revision))
            .toList();
    int revision = 1 + old.stream().mapToInt(DeploymentController::revision).max().orElse(0);
    if (current == null) {
      // Its creation is an event, which triggers the next steps.
      objects.create(replicaSet(deployment, name, hash, revision));
      return;
    }
    if (revision(current) < revision) {
      objects.patch(current, revised(revision));
    }
    objects.patch(deployment, revised(Math.max(revision, revision(current))));
    if (!Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
      move(deployment, current, old);
    }
    deleteOld(deployment, old);
    status.write(deployment, current, old);
  }

  private static ReplicaSet replicaSet(
      Deployment deployment, String name, String hash, int revision) {
    var template = deployment.getSpec().getTemplate();
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(deployment.getMetadata().getNamespace())
        .withLabels(withHash(template.getMetadata().getLabels(), hash))
        .addToAnnotations(REVISION, Integer.toString(revision))
        .withOwnerReferences(Pods.controlledBy(deployment))
        .endMetadata()
        .withNewSpec()
        .withReplicas(0)
        .withNewSelectorLike(deployment.getSpec().getSelector())
        .addToMatchLabels(HASH_LABEL, hash)
        .endSelector()
        .withNewTemplateLike(template)
        .editMetadata()
        .withLabels(withHash(template.getMetadata().getLabels(), hash))
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Map<String, String> withHash(Map<String, String> labels, String hash) {
    Map<String, String> all = new TreeMap<>(labels);
    all.put(HASH_LABEL, hash);
    return all;
  }

  private static int revision(ReplicaSet set) {
    return Integer.parseInt(set.getMetadata().getAnnotations().getOrDefault(REVISION, "0"));
  }

  private static ObjectNode revised(int revision) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.withObject("/metadata/annotations").put(REVISION, Integer.toString(revision));
    return patch;
  }

  private void move(Deployment deployment, ReplicaSet current, List<ReplicaSet> old) {
    int oldWanted = old.stream().mapToInt(set -> set.getSpec().getReplicas()).sum();
    int oldThere = old.stream().mapToInt(ReplicaSetCounts::replicas).sum();
    int wanted = deployment.getSpec().getReplicas();
    if (oldWanted + oldThere == 0) {
      scale(current, wanted);
    } else if (deployment.getSpec().getStrategy().getType().equals("Recreate")) {
      old.forEach(set -> scale(set, 0));
    } else {
      roll(RollingUpdate.of(deployment), current, old, oldWanted);
    }
  }

  private void roll(RollingUpdate bounds, ReplicaSet current, List<ReplicaSet> old, int oldWanted) {
    int currentWanted = current.getSpec().getReplicas();
    int total = oldWanted + currentWanted;
    int toGo = bounds.oldToGo(total, currentWanted - ReplicaSetCounts.available(current));
    scale(current, bounds.newReplicas(currentWanted, total));
    for (ReplicaSet set : old) {
      int going = Math.min(toGo, set.getSpec().getReplicas());
      scale(set, set.getSpec().getReplicas() - going);
      toGo -= going;
    }
  }

  private void scale(ReplicaSet set, int replicas) {
    if (set.getSpec().getReplicas() != replicas) {
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch.putObject("spec").put("replicas", replicas);
      objects.patch(set, patch);
    }
  }

  /** Old ReplicaSets are kept for rollbacks, up to the limit. */
  private void deleteOld(Deployment deployment, List<ReplicaSet> old) {
    List<ReplicaSet> empty =
        old.stream()
            .filter(set -> set.getSpec().getReplicas() + ReplicaSetCounts.replicas(set) == 0)
            .toList();
    empty.stream()
        .limit(Math.max(0, empty.size() - deployment.getSpec().getRevisionHistoryLimit()))
        .forEach(set -> objects.delete(set, DeleteOptions.background()));
  }
}
