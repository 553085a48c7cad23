package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.streamfleet.api.DeletionPolicy;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.cluster.ClusterView;
import io.streamfleet.operator.dependent.FleetWorkflow;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Deletes what belongs to a resource that is marked for deletion. With {@code deletionPolicy:
 * Delete} the workers are deleted first, because they would recreate their groups, then the groups.
 * Every step has a timeout, so an unreachable Redis does not block the deletion for ever.
 */
final class Deletion {

  /**
   * Added to the workers' drain timeout: probes, kubelet and API server need some time until the
   * pods are gone.
   */
  private static final Duration POD_TERMINATION_MARGIN = Duration.ofSeconds(60);

  /**
   * How long Redis may be unreachable after the pods are gone. What then is left in Redis is
   * reported in an Event.
   */
  private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(30);

  /** A user who waits sees progress, and the API server gets one request a second at most. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final FleetWorkflow workflow;
  private final RedisObservatory observatory;
  private final Finalizer finalizer;
  private final DeletionEvents events;
  private final GroupDeletion groups;
  private final Clock clock;

  /** The spec that was in force when the deletion began. */
  private final ConcurrentMap<FleetId, Fleet> specsInForce = new ConcurrentHashMap<>();

  Deletion(
      KubernetesClient client,
      FleetWorkflow workflow,
      RedisObservatory observatory,
      Finalizer finalizer,
      DeletionEvents events,
      GroupDeletion groups,
      Clock clock) {
    this.client = client;
    this.workflow = workflow;
    this.observatory = observatory;
    this.finalizer = finalizer;
    this.events = events;
    this.groups = groups;
    this.clock = clock;
  }

  /**
   * Does the next step of the deletion.
   *
   * @param resource marked for deletion
   * @return when to call again; empty once the finalizer is removed
   */
  Optional<Duration> proceed(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context, ClusterView view)
      throws InterruptedException {
    if (!Finalizer.isOn(resource)) {
      return Optional.empty();
    }
    if (Fleet.deletionPolicy(resource).equals(Optional.of(DeletionPolicy.Retain))) {
      // May be set while the rest of the spec is invalid.
      finalizer.remove(resource);
      return Optional.empty();
    }
    FleetId id = FleetId.of(resource);
    workflow.inForce(resource, context).ifPresent(fleet -> specsInForce.putIfAbsent(id, fleet));
    // From now on the Deployment may be gone: a foreground deletion deletes it before the resource.
    Fleet fleet = specsInForce.get(id);
    if (fleet == null) {
      events.specUnreadable(resource);
      finalizer.remove(resource);
      return Optional.empty();
    }
    GroupsFirst.await(observatory.watchLeaving(fleet));
    return proceed(resource, fleet, workflow.deployment(resource, context), view);
  }

  private Optional<Duration> proceed(
      StreamConsumerGroup resource, Fleet fleet, Optional<Deployment> deployment, ClusterView view)
      throws InterruptedException {
    Duration elapsed = Duration.between(deletionTime(resource), clock.instant());
    Duration podTimeout = fleet.spec().workers().drainTimeout().plus(POD_TERMINATION_MARGIN);
    boolean workersLeft = deployment.isPresent() || !view.pods().of(resource).isEmpty();
    if (workersLeft && elapsed.compareTo(podTimeout) < 0) {
      deployment.filter(it -> !it.isMarkedForDeletion()).ifPresent(this::remove);
      return Optional.of(POLL_INTERVAL);
    }
    GroupDeletion.Result result =
        groups.delete(
            fleet, group -> view.declarations().others(group, fleet.id(), Finalizer::isCarriedOut));
    if (!result.unsettled().isEmpty() && elapsed.compareTo(podTimeout.plus(REDIS_TIMEOUT)) < 0) {
      return Optional.of(POLL_INTERVAL);
    }
    events.tell(resource, result);
    finalizer.remove(resource);
    return Optional.empty();
  }

  /** Its pods are deleted by garbage collection. */
  private void remove(Deployment deployment) {
    client
        .apps()
        .deployments()
        .inNamespace(deployment.getMetadata().getNamespace())
        .withName(deployment.getMetadata().getName())
        .delete();
  }

  /** Called when the resource is gone. */
  void forget(FleetId id) {
    specsInForce.remove(id);
  }

  private Instant deletionTime(StreamConsumerGroup resource) {
    try {
      return Instant.parse(resource.getMetadata().getDeletionTimestamp());
    } catch (DateTimeParseException e) {
      return clock.instant();
    }
  }
}
