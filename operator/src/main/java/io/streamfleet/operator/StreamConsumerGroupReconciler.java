package io.streamfleet.operator;

import static io.streamfleet.operator.status.ConditionType.AutoscalingAvailable;
import static io.streamfleet.operator.status.ConditionType.MonitoringAvailable;

import io.fabric8.kubernetes.api.model.apps.Deployment;
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
import io.streamfleet.operator.cluster.GoneResources;
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
 * Reconciles one resource: observes, decides, applies and reports, each time from the beginning,
 * whatever triggered it. Different resources are reconciled in parallel, one resource never twice
 * at a time.
 */
@ControllerConfiguration(name = StreamConsumerGroupReconciler.NAME)
public final class StreamConsumerGroupReconciler implements Reconciler<StreamConsumerGroup> {

  static final String NAME = "stream-consumer-group";

  /**
   * The field manager of server-side apply. Must never change: fields that were applied under
   * another name would be orphaned.
   */
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
  private final Duration apiRetryInterval;
  private final Observations observations;

  private @Nullable ClusterView cluster;
  private @Nullable GoneResources gone;

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
      Duration apiRetryInterval,
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
    this.apiRetryInterval = apiRetryInterval;
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
    GoneResources sweep = new GoneResources(context.getPrimaryCache(), this::forget);
    gone = sweep;
    sources.add(sweep);
    return sources;
  }

  /**
   * Turns an Error into an exception, so that it is retried: after an Error the framework would
   * take the resource for being reconciled for ever.
   */
  @Override
  public UpdateControl<StreamConsumerGroup> reconcile(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context)
      throws InterruptedException {
    gone().remembered(resource);
    try {
      return reconciled(resource, context);
    } catch (Error e) {
      throw new IllegalStateException("a reconcile failed in an unforeseen way", e);
    } finally {
      gone().remembered(resource);
    }
  }

  private UpdateControl<StreamConsumerGroup> reconciled(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context)
      throws InterruptedException {
    if (context.isPrimaryResourceDeleted()) {
      releaseNamesOnce(resource, context);
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
      return keepRunning(resource, context, problems, Optional.empty());
    }
    problems = lines(partitionConflicts(resource, fleet, context));
    if (!problems.isEmpty()) {
      // Nothing tells when another resource changes.
      return keepRunning(resource, context, problems, Optional.of(apiRetryInterval));
    }
    reports.change(resource, fleet, () -> workflow.running(resource, context));
    finalizer.keep(resource, fleet.spec().deletionPolicy());
    CompletableFuture<Boolean> groups = observatory.watch(fleet);
    Optional<Deployment> deployment = workflow.deployment(resource, context);
    ReconcileDecision wanted =
        new ReconcileDecision(
            fleet,
            ScaleFacts.of(deployment.orElse(null), FIELD_MANAGER),
            (fleet.spec().autoscaling() != null || hasCondition(resource, AutoscalingAvailable))
                && apis.keda(),
            (fleet.spec().monitoring().podMonitor() || hasCondition(resource, MonitoringAvailable))
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
    return reschedule(
        reports.write(resource, status),
        resource,
        wanted.missesAnApi() ? Optional.of(apiRetryInterval) : Optional.<Duration>empty());
  }

  private List<Violation> partitionConflicts(
      StreamConsumerGroup resource, Fleet fleet, Context<StreamConsumerGroup> context) {
    List<Violation> conflicts =
        new ArrayList<>(
            PartitionConflicts.among(resource, fleet, view().declarations().sharing(fleet)));
    workflow
        .running(resource, context)
        .ifPresent(
            running ->
                conflicts.addAll(
                    PartitionConflicts.withRunning(
                        running, fleet, observatory.observation(fleet.id()))));
    return conflicts;
  }

  /**
   * With an invalid spec the workers keep running with the last valid one, and their groups and
   * consumer names are still looked after.
   */
  private UpdateControl<StreamConsumerGroup> keepRunning(
      StreamConsumerGroup resource,
      Context<StreamConsumerGroup> context,
      List<String> problems,
      Optional<Duration> again) {
    Optional<Fleet> running = workflow.running(resource, context);
    if (running.isEmpty() || Fleet.isPaused(resource)) {
      names.rest(FleetId.of(resource));
      return reschedule(
          reports.write(resource, reports.invalid(resource, problems)), resource, again);
    }
    Fleet fleet = running.get();
    finalizer.keepIfPossible(resource, Fleet.deletionPolicy(resource));
    observatory.watch(fleet);
    names.reconcile(fleet, () -> view().pods().names(resource));
    ReconcileDecision nothing = new ReconcileDecision(fleet, ScaleFacts.NONE, false, false);
    Observed observed = observations.of(view(), nothing, resource, context, List.of());
    return reschedule(
        reports.write(resource, reports.invalid(resource, fleet, observed, problems)),
        resource,
        again);
  }

  private UpdateControl<StreamConsumerGroup> reschedule(
      UpdateControl<StreamConsumerGroup> done,
      StreamConsumerGroup resource,
      Optional<Duration> other) {
    return Stream.of(view().pods().nextLook(resource), other)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(done::rescheduleAfter)
        .orElse(done);
  }

  /** Failures are reported in the status and retried with back-off. */
  @Override
  public ErrorStatusUpdateControl<StreamConsumerGroup> updateErrorStatus(
      StreamConsumerGroup resource, Context<StreamConsumerGroup> context, Exception failure) {
    if (view().isGone(resource)) {
      // It was deleted during the reconcile: a retry would only restore what is remembered about
      // it, and the framework does not tell of the deletion after a failure.
      forget(resource);
      return ErrorStatusUpdateControl.<StreamConsumerGroup>noStatusUpdate().withNoRetry();
    }
    if (failure instanceof ApplyFailed failed) {
      Optional<StreamConsumerGroup> patch = reports.write(resource, failed.status()).getResource();
      gone().remembered(resource);
      return patch.isPresent()
          ? ErrorStatusUpdateControl.patchStatus(patch.get())
          : ErrorStatusUpdateControl.noStatusUpdate();
    }
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  /**
   * Releases the consumer names of pods that were deleted shortly before their resource. Nobody
   * else would.
   */
  private void releaseNamesOnce(StreamConsumerGroup resource, Context<StreamConsumerGroup> context)
      throws InterruptedException {
    Optional<Fleet> fleet = workflow.inForce(resource, context);
    if (fleet.isPresent() && !Fleet.isPaused(resource)) {
      names.reconcileOnce(fleet.get(), () -> view().pods().names(resource));
    }
  }

  private void forget(StreamConsumerGroup resource) {
    forget(FleetId.of(resource));
    view().successors().expect(resource);
  }

  private void forget(FleetId id) {
    names.forget(id);
    deletion.forget(id);
    observatory.forget(id);
    reports.forget(id);
  }

  private ClusterView view() {
    return prepared(cluster);
  }

  private GoneResources gone() {
    return prepared(gone);
  }

  private static <T> T prepared(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("reconciled before the event sources were prepared");
    }
    return part;
  }

  /** An earlier spec may have created objects that must be deleted now. */
  private static boolean hasCondition(StreamConsumerGroup resource, ConditionType type) {
    StreamConsumerGroupStatus status = resource.getStatus();
    return status != null
        && status.conditions().stream().anyMatch(it -> it.type().equals(type.name()));
  }

  private static List<String> lines(List<Violation> violations) {
    return violations.stream().map(it -> it.path() + " " + it.problem()).toList();
  }
}
