package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.streamfleet.apiserver.write.Timestamps;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the status of a Deployment. */
final class DeploymentStatusWriter {

  private final ClusterObjects objects;
  private final Clock clock;

  DeploymentStatusWriter(ClusterObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void write(Deployment deployment, ReplicaSet current, List<ReplicaSet> old) {
    int wanted = deployment.getSpec().getReplicas();
    int total = sum(current, old, ReplicaSetCounts::replicas);
    int available = sum(current, old, ReplicaSetCounts::available);
    int updated = ReplicaSetCounts.replicas(current);
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status
        .put("observedGeneration", deployment.getMetadata().getGeneration().intValue())
        .put("replicas", total)
        .put("updatedReplicas", updated)
        .put("readyReplicas", sum(current, old, ReplicaSetCounts::ready))
        .put("availableReplicas", available)
        .put("unavailableReplicas", Math.max(0, Math.max(total, wanted) - available));
    // A cluster does not write zero counts; null removes the field.
    for (String field :
        List.of(
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas")) {
      if (status.path(field).asInt() == 0) {
        status.putNull(field);
      }
    }
    boolean enough = available >= wanted - unavailableAllowed(deployment);
    boolean complete = updated == wanted && total == wanted && available == wanted;
    condition(
        deployment,
        status,
        "Available",
        enough,
        enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        false);
    // A completed roll-out stays complete, even if its pods fail later.
    boolean done = complete || (updated == total && wasDone(deployment));
    boolean moved = moved(deployment, status);
    boolean stuck = !done && !moved && deadlineIsOver(deployment);
    condition(
        deployment,
        status,
        "Progressing",
        !stuck,
        done ? "NewReplicaSetAvailable" : stuck ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated",
        moved);
    objects.patchStatus(deployment, status);
  }

  /** Progress means that a pod was created, deleted or became available. */
  private static boolean moved(Deployment deployment, ObjectNode status) {
    DeploymentStatus before =
        Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    return status.path("replicas").asInt() != number(before.getReplicas())
        || status.path("updatedReplicas").asInt() != number(before.getUpdatedReplicas())
        || status.path("availableReplicas").asInt() != number(before.getAvailableReplicas());
  }

  private static int number(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  private static boolean wasDone(Deployment deployment) {
    return before(deployment, "Progressing")
        .filter(last -> last.getReason().equals("NewReplicaSetAvailable"))
        .isPresent();
  }

  private boolean deadlineIsOver(Deployment deployment) {
    Duration deadline = Duration.ofSeconds(deployment.getSpec().getProgressDeadlineSeconds());
    return before(deployment, "Progressing")
        .filter(
            last ->
                last.getReason().equals("ProgressDeadlineExceeded")
                    || Instant.parse(last.getLastUpdateTime())
                        .plus(deadline)
                        .isBefore(clock.instant()))
        .isPresent();
  }

  private static Optional<DeploymentCondition> before(Deployment deployment, String type) {
    return Optional.ofNullable(deployment.getStatus()).stream()
        .flatMap(old -> old.getConditions().stream())
        .filter(condition -> condition.getType().equals(type))
        .findFirst();
  }

  private static int unavailableAllowed(Deployment deployment) {
    return deployment.getSpec().getStrategy().getType().equals("Recreate")
        ? 0
        : RollingUpdate.of(deployment).unavailable();
  }

  private static int sum(
      ReplicaSet current, List<ReplicaSet> old, ToIntFunction<ReplicaSet> count) {
    return Stream.concat(Stream.of(current), old.stream()).mapToInt(count).sum();
  }

  /** The times change only with the condition. */
  private void condition(
      Deployment deployment,
      ObjectNode status,
      String type,
      boolean holds,
      String reason,
      boolean moved) {
    String word = holds ? "True" : "False";
    Optional<DeploymentCondition> before = before(deployment, type);
    String now = Timestamps.now(clock);
    boolean same = !moved && before.isPresent() && before.get().getReason().equals(reason);
    ObjectNode condition = status.withArray("/conditions").addObject();
    condition
        .put("type", type)
        .put("status", word)
        .put("reason", reason)
        .put("message", "")
        .put("lastUpdateTime", same ? before.get().getLastUpdateTime() : now)
        .put(
            "lastTransitionTime",
            before
                .filter(old -> old.getStatus().equals(word))
                .map(DeploymentCondition::getLastTransitionTime)
                .orElse(now));
  }
}
