package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.Service;
import io.streamfleet.operator.desired.WorkerService;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** The headless Service of the workers. */
public final class ServiceDependent extends FleetDependent<Service> {

  public ServiceDependent(OperatorMetrics metrics) {
    super(Service.class, "service", metrics);
  }

  @Override
  Service wanted(ReconcileDecision wanted) {
    return WorkerService.of(wanted.fleet());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
