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
 * The end of a resource. With {@code deletionPolicy: Delete} the workers go first, which would make
 * their groups again, then the groups. It takes a bounded time, and a Redis that is gone holds
 * nothing up for longer.
 */
final class Deletion {

  /** Between the workers' own time to drain and their pods being gone: probes, kubelet, API. */
  private static final Duration PODS_LINGER = Duration.ofSeconds(60);

  /** After that Redis has had its chance, and what is left there is told in an Event. */
  private static final Duration PATIENCE_WITH_REDIS = Duration.ofSeconds(30);

  /** Soon enough for a person who waits, seldom enough for the API server. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final FleetWorkflow workflow;
  private final RedisObservatory observatory;
  private final Finalizer finalizer;
  private final DeletionEvents events;
  private final GroupDeletion groups;
  private final Clock clock;

  /** What is deleted with a resource, as it was in force when that began. */
  private final ConcurrentMap<FleetId, Fleet> leaving = new ConcurrentHashMap<>();

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
   * Goes on with it.
   *
   * @param resource that is marked for deletion
   * @return when to be called again; empty once the resource is free to go
   */
  Optional<Duration> proceed(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context, ClusterView view)
      throws InterruptedException {
    if (!Finalizer.isOn(resource)) {
      return Optional.empty();
    }
    if (Fleet.deletionPolicy(resource).equals(Optional.of(DeletionPolicy.Retain))) {
      // Said while the rest of the spec could not work, perhaps: it is said all the same.
      finalizer.remove(resource);
      return Optional.empty();
    }
    FleetId id = FleetId.of(resource);
    workflow.inForce(resource, context).ifPresent(fleet -> leaving.putIfAbsent(id, fleet));
    // What ran may be deleted in the foreground, before the resource is.
    Fleet fleet = leaving.get(id);
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
    Duration since = Duration.between(asked(resource), clock.instant());
    Duration patienceWithPods = fleet.spec().workers().drainTimeout().plus(PODS_LINGER);
    boolean workersLeft = deployment.isPresent() || !view.pods().of(resource).isEmpty();
    if (workersLeft && since.compareTo(patienceWithPods) < 0) {
      deployment.filter(it -> !it.isMarkedForDeletion()).ifPresent(this::remove);
      return Optional.of(LOOK_AGAIN);
    }
    GroupDeletion.Result result =
        groups.delete(
            fleet, group -> view.declarations().others(group, fleet.id(), Finalizer::isCarriedOut));
    if (!result.unsettled().isEmpty()
        && since.compareTo(patienceWithPods.plus(PATIENCE_WITH_REDIS)) < 0) {
      return Optional.of(LOOK_AGAIN);
    }
    events.tell(resource, result);
    finalizer.remove(resource);
    return Optional.empty();
  }

  /** Its pods go with it: nothing is asked for them. */
  private void remove(Deployment deployment) {
    client
        .apps()
        .deployments()
        .inNamespace(deployment.getMetadata().getNamespace())
        .withName(deployment.getMetadata().getName())
        .delete();
  }

  /** The resource is gone. */
  void forget(FleetId id) {
    leaving.remove(id);
  }

  private Instant asked(StreamConsumerGroup resource) {
    try {
      return Instant.parse(resource.getMetadata().getDeletionTimestamp());
    } catch (DateTimeParseException e) {
      return clock.instant();
    }
  }
}
