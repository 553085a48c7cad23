package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.streamfleet.operator.desired.WorkerPodMonitor;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** The PodMonitor of the workers. */
public final class PodMonitorDependent extends ForeignDependent {

  public PodMonitorDependent(OperatorMetrics metrics) {
    super(
        new GroupVersionKind("monitoring.coreos.com", "v1", "PodMonitor"), "pod-monitor", metrics);
  }

  @Override
  GenericKubernetesResource wanted(ReconcileDecision wanted) {
    return WorkerPodMonitor.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
