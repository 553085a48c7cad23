package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a resource's workers.
 *
 * @param wanted replicas of the Deployment's spec
 * @param current whether the Deployment's controller has observed its latest generation
 * @param total pods of all versions
 * @param updated pods of the latest version
 * @param ready pods that are ready
 * @param available pods of the latest version that are available
 * @param rolledOut whether the roll-out of the latest version completed once, whatever happened to
 *     its pods since
 * @param stuck whether the roll-out exceeded its progress deadline
 * @param trouble why a pod can't be created or does not run, as text for users
 */
public record WorkersObservation(
    int wanted,
    boolean current,
    int total,
    int updated,
    int ready,
    int available,
    boolean rolledOut,
    boolean stuck,
    Optional<String> trouble) {

  /** Nothing exists yet. */
  public static final WorkersObservation NONE =
      new WorkersObservation(0, false, 0, 0, 0, 0, false, false, Optional.empty());

  /** Reads it from the Deployment and its pods. */
  public static WorkersObservation of(Deployment deployment, List<PodObservation> pods) {
    DeploymentStatus status =
        Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    long generation = Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L);
    long seen = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
    int total = number(status.getReplicas());
    int updated = number(status.getUpdatedReplicas());
    return new WorkersObservation(
        Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1),
        seen >= generation,
        total,
        updated,
        number(status.getReadyReplicas()),
        number(status.getAvailableReplicas()),
        conditions(status, "Progressing")
            .anyMatch(condition -> "NewReplicaSetAvailable".equals(condition.getReason())),
        conditions(status, "Progressing")
            .anyMatch(condition -> "False".equals(condition.getStatus())),
        refusal(status).or(() -> trouble(pods)));
  }

  /** The same, with a cause that was found elsewhere. */
  public WorkersObservation with(Optional<String> told) {
    return new WorkersObservation(
        wanted,
        current,
        total,
        updated,
        ready,
        available,
        rolledOut,
        stuck,
        trouble.or(() -> told));
  }

  /** Pods that the API server refuses to create: a quota, a Pod Security Standard, a webhook. */
  private static Optional<String> refusal(DeploymentStatus status) {
    return conditions(status, "ReplicaFailure")
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(DeploymentCondition::getMessage)
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static Optional<String> trouble(List<PodObservation> pods) {
    return pods.stream()
        .sorted(Comparator.comparing(PodObservation::name))
        .flatMap(pod -> pod.trouble().map(why -> pod.name() + ", " + why).stream())
        .findFirst();
  }

  private static Stream<DeploymentCondition> conditions(DeploymentStatus status, String type) {
    return status.getConditions().stream().filter(condition -> type.equals(condition.getType()));
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  /**
   * Whether all is as wanted: the latest generation observed, all pods of the latest version, none
   * of an older one, all available.
   */
  public boolean complete() {
    return current && updated == wanted && total == wanted && available == wanted;
  }
}
