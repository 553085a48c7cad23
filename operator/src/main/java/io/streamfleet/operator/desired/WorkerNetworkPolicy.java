package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.streamfleet.operator.resource.Fleet;

/** The NetworkPolicy of the workers. */
public final class WorkerNetworkPolicy {

  private WorkerNetworkPolicy() {}

  /** Whether the fleet asks for it. */
  public static boolean isWanted(Fleet fleet) {
    return !fleet.name().isEmpty();
  }

  /** What it should be. */
  public static NetworkPolicy of(Fleet fleet) {
    return new NetworkPolicy();
  }
}
