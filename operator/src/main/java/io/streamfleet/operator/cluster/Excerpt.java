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
 * What is kept of the objects of a cluster. Thousands of pods, or all Secrets of a cluster, would
 * not fit into the operator's memory; and contents of Secrets do not belong there.
 */
final class Excerpt {

  /** What {@code kubectl apply} notes down: the whole object once more. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Excerpt() {}

  /** Takes from an object what nobody here asks for. */
  static void cut(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    if (metadata == null) {
      return;
    }
    List<ManagedFieldsEntry> managers = metadata.getManagedFields();
    // That is half of an object, or more.
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
        leaveName(metadata);
        secret.setData(null);
        secret.setStringData(null);
      }
      case ConfigMap map -> {
        // What workers read is compared with what they should.
        if (!isOurs(metadata)) {
          leaveName(metadata);
          map.setData(null);
          map.setBinaryData(null);
        }
      }
      default -> {
        // The other kinds are few and small, and compared as a whole.
      }
    }
  }

  /** Whether two states of a pod differ in nothing that anybody here asks for. */
  static boolean isSame(Pod now, Pod before) {
    return Objects.equals(withoutPending(now.getStatus()), withoutPending(before.getStatus()))
        && Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        && Objects.equals(now.getMetadata().getLabels(), before.getMetadata().getLabels());
  }

  /** That a pod waits no longer is told by its Deployment, too. */
  private static @Nullable PodStatus withoutPending(@Nullable PodStatus status) {
    return status == null || PodObservation.isEnd(status.getPhase())
        ? status
        : new PodStatusBuilder(status).withPhase(null).build();
  }

  private static void cut(Pod pod, ObjectMeta metadata) {
    String group = labels(metadata).get(FleetNames.GROUP_LABEL);
    leaveName(metadata);
    metadata.setLabels(group == null ? Map.of() : Map.of(FleetNames.GROUP_LABEL, group));
    pod.setSpec(null);
    pod.setStatus(cut(pod.getStatus()));
  }

  private static void leaveName(ObjectMeta metadata) {
    metadata.setLabels(Map.of());
    metadata.setAnnotations(Map.of());
    metadata.setOwnerReferences(List.of());
  }

  /** Of a pod that runs nobody here asks for more. */
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

  /** An autoscaler that has the number of workers is told by this alone. */
  private static boolean ownsReplicas(ManagedFieldsEntry manager) {
    FieldsV1 fields = manager.getFieldsV1();
    return fields != null
        && fields.getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
        && spec.containsKey("f:replicas");
  }
}
