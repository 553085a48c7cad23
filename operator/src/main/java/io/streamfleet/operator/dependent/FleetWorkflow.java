package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Workflow;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowBuilder;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowReconcileResult;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.check.Feasibility;
import io.streamfleet.operator.cluster.EndingNamespace;
import io.streamfleet.operator.desired.WorkerConfigMap;
import io.streamfleet.operator.desired.WorkerDisruptionBudget;
import io.streamfleet.operator.desired.WorkerNetworkPolicy;
import io.streamfleet.operator.desired.WorkerPodMonitor;
import io.streamfleet.operator.desired.WorkerScaledObject;
import io.streamfleet.operator.desired.WorkerTriggerAuthentication;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.Fleet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * All objects of a fleet, in the order in which they are created: the ConfigMap before the workers,
 * the autoscaler after them. A failure stops only what depends on the failed object.
 */
public final class FleetWorkflow {

  private static final Logger LOG = LoggerFactory.getLogger(FleetWorkflow.class);

  private final DeploymentDependent deployment;
  private final ConfigMapDependent configMap;
  private final List<FleetDependent<?>> always;
  private final Workflow<StreamConsumerGroup> own;
  private final Workflow<StreamConsumerGroup> monitoring;
  private final Workflow<StreamConsumerGroup> scaling;

  /**
   * @param defaultImage used where the resource names no image
   */
  public FleetWorkflow(String defaultImage, OperatorMetrics metrics) {
    deployment = new DeploymentDependent(defaultImage, metrics);
    configMap = new ConfigMapDependent(metrics);
    ServiceDependent service = new ServiceDependent(metrics);
    DisruptionBudgetDependent budget = new DisruptionBudgetDependent(metrics);
    NetworkPolicyDependent network = new NetworkPolicyDependent(metrics);
    always = List.of(configMap, service, budget, network, deployment);
    own =
        new WorkflowBuilder<StreamConsumerGroup>()
            .addDependentResource(configMap)
            .addDependentResource(service)
            .addDependentResourceAndConfigure(network)
            .withReconcilePrecondition(when(WorkerNetworkPolicy::isWanted))
            .addDependentResourceAndConfigure(budget)
            .withReconcilePrecondition(when(WorkerDisruptionBudget::isWanted))
            .addDependentResourceAndConfigure(deployment)
            .dependsOn(configMap)
            .withThrowExceptionFurther(false)
            .build();
    monitoring =
        new WorkflowBuilder<StreamConsumerGroup>()
            .addDependentResourceAndConfigure(new PodMonitorDependent(metrics))
            .withActivationCondition(WHEN_USED)
            .withReconcilePrecondition(when(WorkerPodMonitor::isWanted))
            .withThrowExceptionFurther(false)
            .build();
    TriggerAuthenticationDependent authentication = new TriggerAuthenticationDependent(metrics);
    scaling =
        new WorkflowBuilder<StreamConsumerGroup>()
            .addDependentResourceAndConfigure(authentication)
            .withActivationCondition(WHEN_USED)
            .withReconcilePrecondition(when(WorkerTriggerAuthentication::isWanted))
            .addDependentResourceAndConfigure(new ScaledObjectDependent(metrics))
            .withActivationCondition(WHEN_USED)
            .withReconcilePrecondition(when(WorkerScaledObject::isWanted))
            .withThrowExceptionFurther(false)
            .build();
  }

  /**
   * Watches an API that the cluster may lack from its first use on. The framework queries even
   * kinds that it does not watch, and fails where the API is missing.
   */
  private static final Condition<GenericKubernetesResource, StreamConsumerGroup> WHEN_USED =
      (dependent, primary, context) -> true;

  private static <R> Condition<R, StreamConsumerGroup> when(Predicate<Fleet> isWanted) {
    return (dependent, primary, context) -> isWanted.test(ReconcileDecision.of(context).fleet());
  }

  /**
   * Event sources for changes to these objects. Those of optional APIs are added when they are
   * first used.
   */
  public List<EventSource<?, StreamConsumerGroup>> eventSources(
      EventSourceContext<StreamConsumerGroup> context) {
    return always.stream()
        .<EventSource<?, StreamConsumerGroup>>flatMap(
            dependent -> dependent.eventSource(context).stream())
        .toList();
  }

  /** The Deployment in the cluster. */
  public Optional<Deployment> deployment(
      StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    return deployment.getSecondaryResource(primary, context);
  }

  /**
   * The fleet that the workers run with, whatever its resource says now; empty if there is none.
   */
  public Optional<Fleet> running(
      StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    return configMap
        .getSecondaryResource(primary, context)
        .flatMap(written -> WorkerConfigMap.fleet(written, primary));
  }

  /**
   * The fleet that is in force: the declared one if it is valid, else the one that runs, whose
   * groups and pods exist.
   */
  public Optional<Fleet> inForce(
      StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    try {
      Fleet declared = Fleet.of(primary);
      return Feasibility.problems(declared).isEmpty()
          ? Optional.of(declared)
          : running(primary, context).or(() -> Optional.of(declared));
    } catch (InvalidManifest e) {
      // The resource's status said so while it existed.
      return running(primary, context);
    }
  }

  /**
   * Applies the desired objects.
   *
   * @return the failures by name of the dependent; empty if all were applied
   */
  public Map<String, Exception> apply(
      ReconcileDecision wanted, StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    wanted.in(context);
    Map<String, Exception> failures = new TreeMap<>(failures(own.reconcile(primary, context)));
    if (wanted.podMonitors()) {
      failures.putAll(failures(monitoring.reconcile(primary, context)));
    }
    if (wanted.keda()) {
      failures.putAll(failures(scaling.reconcile(primary, context)));
    }
    failures.forEach((name, failure) -> log(wanted, name, failure));
    return failures;
  }

  private static void log(ReconcileDecision wanted, String name, Exception failure) {
    if (EndingNamespace.isWhy(failure)) {
      LOG.atDebug()
          .addKeyValue("resource", wanted.fleet().id())
          .addKeyValue("object", name)
          .log("the namespace is being deleted; nothing is created in it any more");
      return;
    }
    LoggingEventBuilder line =
        LOG.atWarn().addKeyValue("resource", wanted.fleet().id()).addKeyValue("object", name);
    (ApplyFailure.isRefusal(failure)
            ? line.addKeyValue("failure", ApplyFailure.line(failure))
            : line.setCause(failure))
        .log("could not be applied");
  }

  private static Map<String, Exception> failures(WorkflowReconcileResult result) {
    Map<String, Exception> failures = new TreeMap<>();
    result
        .getErroredDependents()
        .forEach((dependent, failure) -> failures.put(dependent.name(), failure));
    return failures;
  }
}
