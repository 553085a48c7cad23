package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.streamfleet.operator.resource.FleetNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reduces objects to what the operator uses. Thousands of pods, or all Secrets of a cluster, would
 * not fit into its memory, and it must not hold the contents of Secrets.
 */
final class Excerpt {

  /** Written by {@code kubectl apply}: the whole object once more. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Excerpt() {}

  /** Removes the fields that the operator does not use. */
  static void cut(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    if (metadata == null) {
      return;
    }
    List<ManagedFieldsEntry> managers = metadata.getManagedFields();
    // They make up half of an object or more.
    metadata.setManagedFields(List.of());
    Map<String, String> annotations = metadata.getAnnotations();
    if (annotations != null) {
      annotations.remove(LAST_APPLIED);
    }
    switch (object) {
      case Pod pod -> cut(pod, metadata);
      case Deployment _ ->
          metadata.setManagedFields(managers.stream().filter(Excerpt::ownsReplicas).toList());
      case Secret secret -> {
        keepNameOnly(metadata);
        secret.setData(null);
        secret.setStringData(null);
      }
      case ConfigMap map -> {
        // Kept for the worker's own ConfigMap: it is compared with the desired one.
        if (!isOurs(metadata)) {
          keepNameOnly(metadata);
          map.setData(null);
          map.setBinaryData(null);
        }
      }
      default -> {
        // Objects of other kinds are few and small, and compared as a whole.
      }
    }
  }

  /** Whether two states of a pod are the same in all that the operator uses. */
  static boolean isSame(Pod now, Pod before) {
    return Objects.equals(withoutPending(now.getStatus()), withoutPending(before.getStatus()))
        && Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        && Objects.equals(now.getMetadata().getLabels(), before.getMetadata().getLabels());
  }

  /** That a pod is no longer pending shows in its Deployment, too. */
  private static @Nullable PodStatus withoutPending(@Nullable PodStatus status) {
    return status == null || PodObservation.isEnd(status.getPhase())
        ? status
        : new PodStatusBuilder(status).withPhase(null).build();
  }

  private static void cut(Pod pod, ObjectMeta metadata) {
    String group = labels(metadata).get(FleetNames.GROUP_LABEL);
    keepNameOnly(metadata);
    metadata.setLabels(group == null ? Map.of() : Map.of(FleetNames.GROUP_LABEL, group));
    pod.setSpec(null);
    pod.setStatus(cut(pod.getStatus()));
  }

  private static void keepNameOnly(ObjectMeta metadata) {
    metadata.setLabels(Map.of());
    metadata.setAnnotations(Map.of());
    metadata.setOwnerReferences(List.of());
  }

  /** Nothing else of a pod's status is used. */
  private static @Nullable PodStatus cut(@Nullable PodStatus whole) {
    return whole == null
        ? null
        : new PodStatusBuilder()
            .withPhase(PodObservation.kept(whole.getPhase()))
            .withConditions(PodTrouble.unscheduled(whole.getConditions()))
            .withInitContainerStatuses(PodTrouble.waiting(whole.getInitContainerStatuses()))
            .withContainerStatuses(PodTrouble.waiting(whole.getContainerStatuses()))
            .build();
  }

  private static boolean isOurs(ObjectMeta metadata) {
    return FleetNames.MANAGED_BY.equals(labels(metadata).get(FleetNames.MANAGED_BY_LABEL));
  }

  private static Map<String, String> labels(ObjectMeta metadata) {
    Map<String, String> labels = metadata.getLabels();
    return labels == null ? new HashMap<>() : labels;
  }

  /** Used to detect an autoscaler that owns the number of replicas. */
  private static boolean ownsReplicas(ManagedFieldsEntry manager) {
    FieldsV1 fields = manager.getFieldsV1();
    return fields != null
        && fields.getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
        && spec.containsKey("f:replicas");
  }
}
