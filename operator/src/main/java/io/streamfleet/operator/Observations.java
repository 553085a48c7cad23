package io.streamfleet.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.cluster.ClusterView;
import io.streamfleet.operator.cluster.PodEvents;
import io.streamfleet.operator.cluster.PodObservation;
import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.dependent.FleetWorkflow;
import io.streamfleet.operator.dependent.ReconcileDecision;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Reference;
import io.streamfleet.operator.status.Observed;
import java.util.List;

/** Collects everything that the status of a resource is computed from. */
final class Observations {

  private final FleetWorkflow workflow;
  private final RedisObservatory observatory;
  private final PodEvents events;

  Observations(FleetWorkflow workflow, RedisObservatory observatory, PodEvents events) {
    this.workflow = workflow;
    this.observatory = observatory;
    this.events = events;
  }

  /**
   * Observes a resource.
   *
   * @param failures of objects that could not be applied, as readable lines
   */
  Observed of(
      ClusterView view,
      ReconcileDecision wanted,
      StreamConsumerGroup resource,
      Context<StreamConsumerGroup> context,
      List<String> failures) {
    Fleet fleet = wanted.fleet();
    List<PodObservation> pods = view.pods().of(resource);
    List<Reference> missing = view.references().missing(fleet);
    RedisObservation observation = observatory.observation(fleet.id());
    if (observation instanceof RedisObservation.Away away
        && away.isAboutSecrets()
        && missing.isEmpty()) {
      observatory.retry(fleet.id());
    }
    WorkersObservation workers =
        workflow
            .deployment(resource, context)
            .map(deployment -> WorkersObservation.of(deployment, pods))
            .map(seen -> explained(seen, fleet.namespace(), view.pods().silentlyPending(resource)))
            .orElse(WorkersObservation.NONE);
    return new Observed(
        workers, pods, observation, failures, missing, wanted.keda(), wanted.podMonitors());
  }

  /** Lists Events only if nothing else explains why a pod is pending. */
  private WorkersObservation explained(
      WorkersObservation seen, String namespace, List<String> pending) {
    return seen.complete() || seen.trouble().isPresent() || pending.isEmpty()
        ? seen
        : seen.with(events.trouble(namespace, pending));
  }
}
