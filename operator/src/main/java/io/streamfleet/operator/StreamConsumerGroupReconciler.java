package io.streamfleet.operator;

import static io.streamfleet.operator.status.ConditionType.AutoscalingAvailable;
import static io.streamfleet.operator.status.ConditionType.MonitoringAvailable;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.Violation;
import io.streamfleet.operator.check.Feasibility;
import io.streamfleet.operator.cluster.ApiPresence;
import io.streamfleet.operator.cluster.ClusterView;
import io.streamfleet.operator.consumer.ConsumerNames;
import io.streamfleet.operator.dependent.ApplyFailure;
import io.streamfleet.operator.dependent.FleetWorkflow;
import io.streamfleet.operator.dependent.ReconcileDecision;
import io.streamfleet.operator.desired.ScaleFacts;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.operator.status.ConditionType;
import io.streamfleet.operator.status.Observed;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one resource's fleet right: observes, decides, applies and reports, each time from the
 * beginning, whatever made it look. Different resources are reconciled side by side, one never
 * twice at once.
 */
@ControllerConfiguration(name = StreamConsumerGroupReconciler.NAME)
public final class StreamConsumerGroupReconciler implements Reconciler<StreamConsumerGroup> {

  static final String NAME = "stream-consumer-group";

  /** Whose fields in Kubernetes are ours. Never to be changed: what it owns would be orphaned. */
  static final String FIELD_MANAGER = "streamfleet-operator";

  private final FleetWorkflow workflow;
  private final ApiPresence apis;
  private final RedisObservatory observatory;
  private final ConsumerNames names;
  private final Finalizer finalizer;
  private final Deletion deletion;
  private final StatusReporter reports;
  private final Clock clock;
  private final EventSource<?, StreamConsumerGroup> redisEvents;
  private final Duration lookForApis;
  private final Observations observations;

  private @Nullable ClusterView cluster;

  StreamConsumerGroupReconciler(
      FleetWorkflow workflow,
      ApiPresence apis,
      RedisObservatory observatory,
      ConsumerNames names,
      Finalizer finalizer,
      Deletion deletion,
      StatusReporter reports,
      Clock clock,
      EventSource<?, StreamConsumerGroup> redisEvents,
      Duration lookForApis,
      Observations observations) {
    this.workflow = workflow;
    this.apis = apis;
    this.observatory = observatory;
    this.names = names;
    this.finalizer = finalizer;
    this.deletion = deletion;
    this.reports = reports;
    this.clock = clock;
    this.redisEvents = redisEvents;
    this.lookForApis = lookForApis;
    this.observations = observations;
  }

  @Override
  public List<EventSource<?, StreamConsumerGroup>> prepareEventSources(
      EventSourceContext<StreamConsumerGroup> context) {
    ClusterView view = ClusterView.of(context, clock);
    cluster = view;
    List<EventSource<?, StreamConsumerGroup>> sources = new ArrayList<>();
    sources.addAll(workflow.eventSources(context));
    sources.addAll(view.eventSources());
    sources.add(redisEvents);
    return sources;
  }

  /** An Error, too, is tried again: the framework would take the resource for busy ever after. */
  @Override
  public UpdateControl<StreamConsumerGroup> reconcile(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context)
      throws InterruptedException {
    try {
      return reconciled(resource, context);
    } catch (Error e) {
      throw new IllegalStateException("a reconcile failed in an unforeseen way", e);
    }
  }

  private UpdateControl<StreamConsumerGroup> reconciled(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context)
      throws InterruptedException {
    if (context.isPrimaryResourceDeleted()) {
      seeToNamesOnce(resource, context);
      forget(resource);
      return UpdateControl.noUpdate();
    }
    view().successors().seen(resource);
    if (resource.isMarkedForDeletion()) {
      names.rest(FleetId.of(resource));
      UpdateControl<StreamConsumerGroup> done = UpdateControl.noUpdate();
      return deletion.proceed(resource, context, view()).map(done::rescheduleAfter).orElse(done);
    }
    Fleet fleet;
    List<String> problems;
    try {
      fleet = Fleet.of(resource);
      problems = lines(Feasibility.problems(fleet));
    } catch (InvalidManifest e) {
      fleet = null;
      problems = lines(e.violations());
    }
    if (fleet == null || !problems.isEmpty()) {
      return keepRunning(resource, context, problems);
    }
    reports.change(resource, fleet, () -> workflow.running(resource, context));
    finalizer.keep(resource, fleet.spec().deletionPolicy());
    CompletableFuture<Boolean> groups = observatory.watch(fleet);
    Optional<Deployment> deployment = workflow.deployment(resource, context);
    ReconcileDecision wanted =
        new ReconcileDecision(
            fleet,
            ScaleFacts.of(deployment.orElse(null), FIELD_MANAGER),
            (fleet.spec().autoscaling() != null || hasHad(resource, AutoscalingAvailable))
                && apis.keda(),
            (fleet.spec().monitoring().podMonitor() || hasHad(resource, MonitoringAvailable))
                && apis.podMonitors());
    List<String> failures = List.of();
    if (!fleet.spec().paused()) {
      if (deployment.isEmpty()) {
        GroupsFirst.await(groups);
      }
      failures = ApplyFailure.lines(workflow.apply(wanted, resource, context));
    }
    names.reconcile(fleet, () -> view().pods().names(resource));
    Observed observed = observations.of(view(), wanted, resource, context, failures);
    StreamConsumerGroupStatus status = reports.of(resource, fleet, observed);
    if (!failures.isEmpty()) {
      throw new ApplyFailed(status, failures);
    }
    return again(
        reports.write(resource, status),
        resource,
        wanted.missesAnApi() ? Optional.of(lookForApis) : Optional.<Duration>empty());
  }

  /**
   * What ran before runs on, and is seen to while it runs: its groups, and the names of its pods.
   */
  private UpdateControl<StreamConsumerGroup> keepRunning(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context, List<String> problems) {
    Optional<Fleet> running = workflow.running(resource, context);
    if (running.isEmpty() || Fleet.isPaused(resource)) {
      names.rest(FleetId.of(resource));
      return reports.write(resource, reports.invalid(resource, problems));
    }
    Fleet fleet = running.get();
    finalizer.keepIfPossible(resource, Fleet.deletionPolicy(resource));
    observatory.watch(fleet);
    names.reconcile(fleet, () -> view().pods().names(resource));
    ReconcileDecision nothing = new ReconcileDecision(fleet, ScaleFacts.NONE, false, false);
    Observed observed = observations.of(view(), nothing, resource, context, List.of());
    return again(
        reports.write(resource, reports.invalid(resource, fleet, observed, problems)),
        resource,
        Optional.empty());
  }

  private UpdateControl<StreamConsumerGroup> again(
      UpdateControl<StreamConsumerGroup> done,
      StreamConsumerGroup resource,
      Optional<Duration> other) {
    return Stream.of(view().pods().nextLook(resource), other)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(done::rescheduleAfter)
        .orElse(done);
  }

  /** What failed is reported all the same, and tried again with back-off. */
  @Override
  public ErrorStatusUpdateControl<StreamConsumerGroup> updateErrorStatus(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context, Exception failure) {
    if (failure instanceof ApplyFailed failed) {
      Optional<StreamConsumerGroup> patch = reports.write(resource, failed.status()).getResource();
      return patch.isPresent()
          ? ErrorStatusUpdateControl.patchStatus(patch.get())
          : ErrorStatusUpdateControl.noStatusUpdate();
    }
    if (failure instanceof KubernetesClientException refused
        && refused.getCode() == 404
        && view().isGone(resource)) {
      // It went while it was reconciled: to try again would bring back what is known of it.
      forget(resource);
      return ErrorStatusUpdateControl.<StreamConsumerGroup>noStatusUpdate().withNoRetry();
    }
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  /** Of a pod that went shortly before its resource nobody else takes the name away. */
  private void seeToNamesOnce(StreamConsumerGroup resource, Context<StreamConsumerGroup> context)
      throws InterruptedException {
    Optional<Fleet> fleet = workflow.inForce(resource, context);
    if (fleet.isPresent() && !Fleet.isPaused(resource)) {
      names.reconcileOnce(fleet.get(), () -> view().pods().names(resource));
    }
  }

  private void forget(StreamConsumerGroup resource) {
    FleetId id = FleetId.of(resource);
    names.forget(id);
    deletion.forget(id);
    observatory.forget(id);
    reports.forget(id);
    view().successors().expect(resource);
  }

  private ClusterView view() {
    ClusterView view = cluster;
    if (view == null) {
      throw new IllegalStateException("reconciled before the event sources were prepared");
    }
    return view;
  }

  /** What was asked for once may have left something behind. */
  private static boolean hasHad(StreamConsumerGroup resource, ConditionType type) {
    StreamConsumerGroupStatus status = resource.getStatus();
    return status != null
        && status.conditions().stream().anyMatch(it -> it.type().equals(type.name()));
  }

  private static List<String> lines(List<Violation> violations) {
    return violations.stream().map(it -> it.path() + " " + it.problem()).toList();
  }
}
