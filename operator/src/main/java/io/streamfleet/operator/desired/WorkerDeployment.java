package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.streamfleet.operator.resource.Fleet;

/**
 * The Deployment of the workers.
 *
 * <p>The ownership of {@code replicas} is handed over to an autoscaler: see {@link
 * ScaleFacts#wanted}.
 */
public final class WorkerDeployment {

  /**
   * A worker is stopped only when its successor is ready, so a bad image or configuration does not
   * stop working ones. One consumer more in the group does no harm.
   */
  private static final int MAX_UNAVAILABLE = 0;

  /** Kubernetes' default: a large fleet does not roll pod by pod. */
  private static final String MAX_SURGE = "25%";

  /** Kubernetes' default: pulling a sidecar's image of some gigabytes takes minutes. */
  private static final int PROGRESS_DEADLINE_SECONDS = 600;

  /** Enough to look back; to return to an older state, apply the older resource. */
  private static final int REVISION_HISTORY_LIMIT = 3;

  private WorkerDeployment() {}

  /**
   * The desired Deployment.
   *
   * @param defaultImage used where the resource names no image
   */
  public static Deployment of(Fleet fleet, String defaultImage, ScaleFacts scale) {
    DeploymentBuilder deployment =
        new DeploymentBuilder()
            .withMetadata(Metadata.of(fleet, fleet.names().worker()))
            .withNewSpec()
            .withNewSelector()
            .withMatchLabels(fleet.names().selector())
            .endSelector()
            .withNewStrategy()
            .withType("RollingUpdate")
            .withNewRollingUpdate()
            .withMaxUnavailable(new IntOrString(MAX_UNAVAILABLE))
            .withMaxSurge(new IntOrString(MAX_SURGE))
            .endRollingUpdate()
            .endStrategy()
            .withProgressDeadlineSeconds(PROGRESS_DEADLINE_SECONDS)
            .withRevisionHistoryLimit(REVISION_HISTORY_LIMIT)
            .withTemplate(WorkerPod.of(fleet, defaultImage))
            .endSpec();
    scale
        .wanted(fleet)
        .ifPresent(replicas -> deployment.editSpec().withReplicas(replicas).endSpec());
    return deployment.build();
  }
}
