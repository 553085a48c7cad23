package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.streamfleet.operator.resource.Fleet;

/** The PodDisruptionBudget of the workers. */
public final class WorkerDisruptionBudget {

  private WorkerDisruptionBudget() {}

  /** Whether the fleet asks for it. */
  public static boolean isWanted(Fleet fleet) {
    return !fleet.name().isEmpty();
  }

  /** What it should be. */
  public static PodDisruptionBudget of(Fleet fleet) {
    return new PodDisruptionBudget();
  }
}
