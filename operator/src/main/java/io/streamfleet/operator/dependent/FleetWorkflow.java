package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Workflow;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowBuilder;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowReconcileResult;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.desired.WorkerDisruptionBudget;
import io.streamfleet.operator.desired.WorkerNetworkPolicy;
import io.streamfleet.operator.desired.WorkerPodMonitor;
import io.streamfleet.operator.desired.WorkerScaledObject;
import io.streamfleet.operator.desired.WorkerTriggerAuthentication;
import io.streamfleet.operator.metrics.OperatorMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a fleet has in Kubernetes, in the order in which it comes to be: workers find their
 * configuration, and are scaled only once they are there. What fails keeps nothing else from being
 * done, save what depends on it.
 */
public final class FleetWorkflow {

  private static final Logger LOG = LoggerFactory.getLogger(FleetWorkflow.class);

  private final DeploymentDependent deployment;
  private final List<FleetDependent<?>> always;
  private final Workflow<StreamConsumerGroup> workflow;

  /**
   * @param defaultImage of workers whose resource names none
   */
  public FleetWorkflow(String defaultImage, OperatorMetrics metrics) {
    deployment = new DeploymentDependent(defaultImage, metrics);
    ConfigMapDependent configMap = new ConfigMapDependent(metrics);
    ServiceDependent service = new ServiceDependent(metrics);
    DisruptionBudgetDependent budget = new DisruptionBudgetDependent(metrics);
    NetworkPolicyDependent network = new NetworkPolicyDependent(metrics);
    PodMonitorDependent podMonitor = new PodMonitorDependent(metrics);
    TriggerAuthenticationDependent authentication = new TriggerAuthenticationDependent(metrics);
    ScaledObjectDependent scaledObject = new ScaledObjectDependent(metrics);
    always = List.of(configMap, service, budget, network, deployment);
    workflow =
        new WorkflowBuilder<StreamConsumerGroup>()
            .addDependentResource(configMap)
            .addDependentResource(service)
            .addDependentResourceAndConfigure(network)
            .withReconcilePrecondition(when(w -> WorkerNetworkPolicy.isWanted(w.fleet())))
            .addDependentResourceAndConfigure(budget)
            .withReconcilePrecondition(when(w -> WorkerDisruptionBudget.isWanted(w.fleet())))
            .addDependentResourceAndConfigure(deployment)
            .dependsOn(configMap)
            .addDependentResourceAndConfigure(podMonitor)
            .withActivationCondition(when(Wanted::podMonitors))
            .withReconcilePrecondition(when(w -> WorkerPodMonitor.isWanted(w.fleet())))
            .addDependentResourceAndConfigure(authentication)
            .withActivationCondition(when(Wanted::keda))
            .withReconcilePrecondition(when(w -> WorkerTriggerAuthentication.isWanted(w.fleet())))
            .addDependentResourceAndConfigure(scaledObject)
            .dependsOn(deployment)
            .withActivationCondition(when(Wanted::keda))
            .withReconcilePrecondition(when(w -> WorkerScaledObject.isWanted(w.fleet())))
            .withThrowExceptionFurther(false)
            .build();
  }

  private static <R> Condition<R, StreamConsumerGroup> when(Predicate<Wanted> isWanted) {
    return (DependentResource<R, StreamConsumerGroup> dependent,
        StreamConsumerGroup primary,
        Context<StreamConsumerGroup> context) -> isWanted.test(Wanted.of(context));
  }

  /** What tells of changes to these objects. Those whose API may be missing come by themselves. */
  public List<EventSource<?, StreamConsumerGroup>> eventSources(
      EventSourceContext<StreamConsumerGroup> context) {
    return always.stream()
        .<EventSource<?, StreamConsumerGroup>>flatMap(
            dependent -> dependent.eventSource(context).stream())
        .toList();
  }

  /** The Deployment as it is. */
  public Optional<Deployment> deployment(
      StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    return deployment.getSecondaryResource(primary, context);
  }

  /**
   * Carries out what is wanted.
   *
   * @return what failed, by the name of the dependent; empty if all is as wanted
   */
  public Map<String, Exception> apply(
      Wanted wanted, StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    wanted.in(context);
    WorkflowReconcileResult result = workflow.reconcile(primary, context);
    Map<String, Exception> failures = new TreeMap<>();
    result
        .getErroredDependents()
        .forEach((dependent, failure) -> failures.put(dependent.name(), failure));
    failures.forEach(
        (name, failure) ->
            LOG.atWarn()
                .addKeyValue("resource", wanted.fleet().id())
                .addKeyValue("object", name)
                .setCause(failure)
                .log("could not be applied"));
    return failures;
  }
}
