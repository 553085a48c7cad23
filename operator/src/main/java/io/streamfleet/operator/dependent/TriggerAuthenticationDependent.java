package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.streamfleet.operator.desired.WorkerTriggerAuthentication;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** KEDA's TriggerAuthentication for Redis. */
public final class TriggerAuthenticationDependent extends ForeignDependent {

  public TriggerAuthenticationDependent(OperatorMetrics metrics) {
    super(
        new GroupVersionKind("keda.sh", "v1alpha1", "TriggerAuthentication"),
        "trigger-authentication",
        metrics);
  }

  @Override
  GenericKubernetesResource wanted(ReconcileDecision wanted) {
    return WorkerTriggerAuthentication.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.triggerAuthentication();
  }
}
