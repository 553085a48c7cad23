package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.streamfleet.operator.resource.Fleet;

/** The headless Service of the workers: it finds every one of them, for metrics and for people. */
public final class WorkerService {

  private WorkerService() {}

  /** What it should be. */
  public static Service of(Fleet fleet) {
    return new ServiceBuilder()
        .withMetadata(Metadata.of(fleet, fleet.names().worker()))
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        .withSelector(fleet.names().selector())
        .addNewPort()
        .withName(WorkerPod.METRICS_PORT)
        .withPort(fleet.spec().workers().port())
        .withProtocol("TCP")
        .withTargetPort(new IntOrString(WorkerPod.METRICS_PORT))
        .endPort()
        // A worker that isn't ready is the one whose metrics one wants to see.
        .withPublishNotReadyAddresses(true)
        .endSpec()
        .build();
  }
}
