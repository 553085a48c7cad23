package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.streamfleet.operator.desired.WorkerScaledObject;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** KEDA's ScaledObject of the workers. */
public final class ScaledObjectDependent extends ForeignDependent {

  public ScaledObjectDependent(OperatorMetrics metrics) {
    super(new GroupVersionKind("keda.sh", "v1alpha1", "ScaledObject"), "scaled-object", metrics);
  }

  @Override
  GenericKubernetesResource wanted(ReconcileDecision wanted) {
    return WorkerScaledObject.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
