package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.streamfleet.api.AutoscalingSpec;
import io.streamfleet.operator.resource.Fleet;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of the number of workers.
 *
 * @param replicas {@code spec.replicas} of the Deployment; empty if there is none yet
 * @param ownedByAnother whether a field manager other than ours has {@code spec.replicas}
 */
public record ScaleFacts(OptionalInt replicas, boolean ownedByAnother) {

  /** Those of a fleet that has no Deployment yet. */
  public static final ScaleFacts NONE = new ScaleFacts(OptionalInt.empty(), false);

  /**
   * Reads them from a Deployment, its {@code metadata.managedFields} included.
   *
   * @param actual as the cluster has it; {@code null} if it has none
   * @param ourFieldManager the name under which the operator applies
   */
  public static ScaleFacts of(@Nullable Deployment actual, String ourFieldManager) {
    if (actual == null) {
      return NONE;
    }
    Integer replicas = actual.getSpec().getReplicas();
    return new ScaleFacts(
        replicas == null ? OptionalInt.empty() : OptionalInt.of(replicas),
        actual.getMetadata().getManagedFields().stream()
            .filter(entry -> !ourFieldManager.equals(entry.getManager()))
            .anyMatch(ScaleFacts::hasReplicas));
  }

  /** An autoscaler's entry is of the subresource scale, and names the field all the same. */
  private static boolean hasReplicas(ManagedFieldsEntry entry) {
    return entry.getFieldsV1() != null
        && entry.getFieldsV1().getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
        && spec.containsKey("f:replicas");
  }

  /**
   * The number of workers to ask for; empty to leave the field alone. With autoscaling:
   *
   * <ul>
   *   <li>no Deployment yet: {@code minReplicas}, but at least one: where nothing scales, a fleet
   *       without a worker would never start;
   *   <li>nobody else has the field: the number that it has, within the bounds. To leave out a
   *       field that only we have would set it to 1;
   *   <li>somebody else has it: it is theirs.
   * </ul>
   */
  OptionalInt wanted(Fleet fleet) {
    AutoscalingSpec autoscaling = fleet.spec().autoscaling();
    if (autoscaling == null) {
      return OptionalInt.of(fleet.spec().workers().replicas());
    }
    if (ownedByAnother) {
      return OptionalInt.empty();
    }
    int least = Math.max(1, autoscaling.minReplicas());
    return OptionalInt.of(Math.clamp(replicas.orElse(least), least, autoscaling.maxReplicas()));
  }
}
