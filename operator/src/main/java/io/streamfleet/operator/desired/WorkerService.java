package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.streamfleet.operator.resource.Fleet;

/** The Service of the workers. */
public final class WorkerService {

  private WorkerService() {}

  /** What it should be. */
  public static Service of(Fleet fleet) {
    return new Service();
  }
}
