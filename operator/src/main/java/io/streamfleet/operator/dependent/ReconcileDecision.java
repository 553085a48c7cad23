package io.streamfleet.operator.dependent;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.streamfleet.operator.desired.ScaleFacts;
import io.streamfleet.operator.resource.Fleet;

/**
 * What one reconcile has decided, for the dependents to carry out.
 *
 * @param scale who sets the number of workers
 * @param keda whether objects of KEDA are to be seen to: it is there, and they are asked for, or
 *     may be left from when they were
 * @param podMonitors the same for PodMonitors
 */
public record ReconcileDecision(Fleet fleet, ScaleFacts scale, boolean keda, boolean podMonitors) {

  private static final String KEY = ReconcileDecision.class.getName();

  /** Hands it to the dependents of this reconcile. */
  public void in(Context<?> context) {
    context.managedWorkflowAndDependentResourceContext().put(KEY, this);
  }

  /** Whether something is asked for whose API is not there. */
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
