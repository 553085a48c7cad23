package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.streamfleet.operator.desired.WorkerConfigMap;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** The ConfigMap that the workers read. */
public final class ConfigMapDependent extends FleetDependent<ConfigMap> {

  public ConfigMapDependent(OperatorMetrics metrics) {
    super(ConfigMap.class, "config-map", metrics);
  }

  @Override
  ConfigMap wanted(ReconcileDecision wanted) {
    return WorkerConfigMap.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.config();
  }
}
