package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.streamfleet.api.AutoscalingSpec;
import io.streamfleet.operator.resource.Fleet;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster says about the number of workers.
 *
 * @param replicas {@code spec.replicas} of the Deployment; empty if there is none yet
 * @param ownedByAnother whether a field manager other than ours owns {@code spec.replicas}
 */
public record ScaleFacts(OptionalInt replicas, boolean ownedByAnother) {

  /** For a fleet without a Deployment. */
  public static final ScaleFacts NONE = new ScaleFacts(OptionalInt.empty(), false);

  /**
   * Reads them from a Deployment and its {@code metadata.managedFields}.
   *
   * @param actual the Deployment in the cluster; {@code null} if there is none
   * @param ourFieldManager the field manager with which the operator applies
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

  /** The entry of an autoscaler is for the subresource scale, but names the field as well. */
  private static boolean hasReplicas(ManagedFieldsEntry entry) {
    return entry.getFieldsV1() != null
        && entry.getFieldsV1().getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
        && spec.containsKey("f:replicas");
  }

  /**
   * The number of workers to apply; empty to leave the field out. With autoscaling:
   *
   * <ul>
   *   <li>no Deployment yet: {@code minReplicas}, but at least one, because without a working
   *       autoscaler a fleet without workers would never start;
   *   <li>nobody else owns the field: its present value within the bounds, because leaving out a
   *       field that only we own would reset it to 1;
   *   <li>somebody else owns it: empty.
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
