package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.streamfleet.operator.resource.Fleet;

/** The GenericKubernetesResource of the workers. */
public final class WorkerTriggerAuthentication {

  private WorkerTriggerAuthentication() {}

  /** Whether the fleet asks for it. */
  public static boolean isWanted(Fleet fleet) {
    return !fleet.name().isEmpty();
  }

  /** What it should be. */
  public static GenericKubernetesResource of(Fleet fleet) {
    return new GenericKubernetesResource();
  }
}
