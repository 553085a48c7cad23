package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.streamfleet.operator.resource.Fleet;

/**
 * The headless Service of the workers: its DNS name resolves to all of them, for metrics and for
 * debugging.
 */
public final class WorkerService {

  private WorkerService() {}

  /** The desired Service. */
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
        // The metrics of a worker that is not ready are the most interesting ones.
        .withPublishNotReadyAddresses(true)
        .endSpec()
        .build();
  }
}
