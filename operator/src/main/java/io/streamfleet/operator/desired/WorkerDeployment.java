package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.streamfleet.operator.resource.Fleet;

/**
 * The Deployment of the workers.
 *
 * <p>Its {@code replicas} are handed over to an autoscaler rather than dropped: see {@link
 * ScaleFacts#wanted}.
 */
public final class WorkerDeployment {

  /**
   * A worker is taken away only when its successor is ready: a bad image or configuration stops
   * nothing that works, and consumers of one group may well be one too many for a while.
   */
  private static final int MAX_UNAVAILABLE = 0;

  /** A quarter at a time, as Kubernetes has it: a large fleet need not wait for its every pod. */
  private static final String MAX_SURGE = "25%";

  /** As Kubernetes has it: an image of some gigabytes beside the worker takes minutes to pull. */
  private static final int PROGRESS_DEADLINE_SECONDS = 600;

  /** Enough to look back with; who wants an older state applies an older resource. */
  private static final int REVISION_HISTORY_LIMIT = 3;

  private WorkerDeployment() {}

  /**
   * What it should be.
   *
   * @param defaultImage the image of workers whose fleet names none
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
