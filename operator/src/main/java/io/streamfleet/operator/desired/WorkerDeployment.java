package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.streamfleet.operator.resource.Fleet;

/** The Deployment of the workers. */
public final class WorkerDeployment {

  private WorkerDeployment() {}

  /**
   * What it should be.
   *
   * @param defaultImage the image of workers whose fleet names none
   */
  public static Deployment of(Fleet fleet, String defaultImage, ScaleFacts scale) {
    return new Deployment();
  }
}
