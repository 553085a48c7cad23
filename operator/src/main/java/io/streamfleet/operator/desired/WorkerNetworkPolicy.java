package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.streamfleet.operator.resource.Fleet;

/**
 * The NetworkPolicy of the workers: only the port for metrics and health may be reached. Egress is
 * not restricted, because only the user knows where Redis and the handlers are.
 */
public final class WorkerNetworkPolicy {

  private WorkerNetworkPolicy() {}

  /** Whether the spec enables it. */
  public static boolean isWanted(Fleet fleet) {
    return fleet.spec().networkPolicy().enabled();
  }

  /** The desired NetworkPolicy. */
  public static NetworkPolicy of(Fleet fleet) {
    return new NetworkPolicyBuilder()
        .withMetadata(Metadata.of(fleet, fleet.names().worker()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(fleet.names().selector())
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(fleet.spec().workers().port()))
        .endPort()
        .endIngress()
        .endSpec()
        .build();
  }
}
