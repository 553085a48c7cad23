package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.streamfleet.operator.desired.WorkerDeployment;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;

/** The Deployment of the workers. */
public final class DeploymentDependent extends FleetDependent<Deployment> {

  private final String defaultImage;

  /**
   * @param defaultImage used where the resource names no image
   */
  public DeploymentDependent(String defaultImage, OperatorMetrics metrics) {
    super(Deployment.class, "deployment", metrics);
    this.defaultImage = defaultImage;
  }

  @Override
  Deployment wanted(ReconcileDecision wanted) {
    return WorkerDeployment.of(wanted.fleet(), defaultImage, wanted.scale());
  }

  @Override
  String nameIn(FleetNames names) {
    return names.worker();
  }
}
