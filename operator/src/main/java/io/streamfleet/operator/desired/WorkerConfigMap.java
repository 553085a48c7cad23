package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.streamfleet.operator.resource.Fleet;

/** The ConfigMap of the workers. */
public final class WorkerConfigMap {

  private WorkerConfigMap() {}

  /** What it should be. */
  public static ConfigMap of(Fleet fleet) {
    return new ConfigMap();
  }
}
