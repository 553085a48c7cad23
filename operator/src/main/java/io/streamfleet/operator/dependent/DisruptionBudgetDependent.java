package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.streamfleet.operator.desired.WorkerDisruptionBudget;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** The PodDisruptionBudget of the workers. */
public final class DisruptionBudgetDependent extends FleetDependent<PodDisruptionBudget> {

  public DisruptionBudgetDependent(OperatorMetrics metrics) {
    super(PodDisruptionBudget.class, "disruption-budget", metrics);
  }

  @Override
  PodDisruptionBudget wanted(ReconcileDecision wanted) {
    return WorkerDisruptionBudget.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
