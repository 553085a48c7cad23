package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.streamfleet.operator.cluster.Stores;
import io.streamfleet.operator.desired.WorkerDisruptionBudget;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** How many workers may be taken away at once. */
public final class DisruptionBudgetDependent extends FleetDependent<PodDisruptionBudget> {

  public DisruptionBudgetDependent(Stores stores, OperatorMetrics metrics) {
    super(PodDisruptionBudget.class, "disruption-budget", stores, metrics);
  }

  @Override
  PodDisruptionBudget wanted(Wanted wanted) {
    return WorkerDisruptionBudget.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
