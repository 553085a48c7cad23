package io.streamfleet.operator.dependent;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.streamfleet.operator.desired.ScaleFacts;
import io.streamfleet.operator.resource.Fleet;

/**
 * What a reconcile decided, for the dependents to apply.
 *
 * @param scale who sets the number of workers
 * @param keda whether to reconcile KEDA's objects: its API exists, and they are asked for now or
 *     may be left from before
 * @param podMonitors the same for PodMonitors
 */
public record ReconcileDecision(Fleet fleet, ScaleFacts scale, boolean keda, boolean podMonitors) {

  private static final String KEY = ReconcileDecision.class.getName();

  /** Passes it to the dependents of this reconcile. */
  public void in(Context<?> context) {
    context.managedWorkflowAndDependentResourceContext().put(KEY, this);
  }

  /** Whether the spec asks for an API that does not exist. */
  public boolean missesAnApi() {
    return (fleet.spec().autoscaling() != null && !keda)
        || (fleet.spec().monitoring().podMonitor() && !podMonitors);
  }

  static ReconcileDecision of(Context<?> context) {
    return context
        .managedWorkflowAndDependentResourceContext()
        .getMandatory(KEY, ReconcileDecision.class);
  }
}
