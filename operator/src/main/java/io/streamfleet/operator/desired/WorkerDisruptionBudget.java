package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.streamfleet.api.AutoscalingSpec;
import io.streamfleet.operator.resource.Fleet;

/** The PodDisruptionBudget of the workers: one eviction at a time. */
public final class WorkerDisruptionBudget {

  private WorkerDisruptionBudget() {}

  /**
   * Whether more than one worker can run. For a single worker it would block every eviction or have
   * no effect.
   */
  public static boolean isWanted(Fleet fleet) {
    AutoscalingSpec autoscaling = fleet.spec().autoscaling();
    int most = autoscaling == null ? fleet.spec().workers().replicas() : autoscaling.maxReplicas();
    return most > 1;
  }

  /** The desired PodDisruptionBudget. */
  public static PodDisruptionBudget of(Fleet fleet) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Metadata.of(fleet, fleet.names().worker()))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withNewSelector()
        .withMatchLabels(fleet.names().selector())
        .endSelector()
        // A fleet that can't become ready, because its Redis is down, must not block the draining
        // of nodes.
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .endSpec()
        .build();
  }
}
