package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.streamfleet.operator.resource.Fleet;

/**
 * The NetworkPolicy of the workers: nobody calls them but for metrics and health. Whom they call is
 * left alone, for only the user knows where Redis and the handlers are.
 */
public final class WorkerNetworkPolicy {

  private WorkerNetworkPolicy() {}

  /** Whether the fleet asks for it. */
  public static boolean isWanted(Fleet fleet) {
    return fleet.spec().networkPolicy().enabled();
  }

  /** What it should be. */
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
