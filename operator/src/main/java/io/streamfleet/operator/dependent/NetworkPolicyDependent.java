package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.streamfleet.operator.desired.WorkerNetworkPolicy;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** The NetworkPolicy of the workers. */
public final class NetworkPolicyDependent extends FleetDependent<NetworkPolicy> {

  public NetworkPolicyDependent(OperatorMetrics metrics) {
    super(NetworkPolicy.class, "network-policy", metrics);
  }

  @Override
  NetworkPolicy wanted(ReconcileDecision wanted) {
    return WorkerNetworkPolicy.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
