package io.streamfleet.apiserver.controller;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;

/**
 * The limits of a rolling update.
 *
 * @param wanted the final number of pods
 * @param surge how many more may exist meanwhile
 * @param unavailable how many fewer may be available meanwhile
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment">Kubernetes
 *     on rolling updates</a>
 */
record RollingUpdate(int wanted, int surge, int unavailable) {

  static RollingUpdate of(Deployment deployment) {
    int wanted = deployment.getSpec().getReplicas();
    RollingUpdateDeployment bounds = deployment.getSpec().getStrategy().getRollingUpdate();
    int surge = number(bounds.getMaxSurge(), wanted, true);
    int unavailable = number(bounds.getMaxUnavailable(), wanted, false);
    // If both are zero nothing could ever change.
    return new RollingUpdate(wanted, surge, surge + unavailable == 0 ? 1 : unavailable);
  }

  private static int number(IntOrString bound, int wanted, boolean roundUp) {
    if (bound.getStrVal() == null) {
      return bound.getIntVal();
    }
    double share = Double.parseDouble(bound.getStrVal().replace("%", "")) * wanted / 100;
    return (int) (roundUp ? Math.ceil(share) : Math.floor(share));
  }

  /**
   * How many new pods there may be now.
   *
   * @param current wanted new pods so far
   * @param total wanted old and new pods
   */
  int newReplicas(int current, int total) {
    if (current >= wanted) {
      return wanted;
    }
    return Math.min(wanted, current + Math.max(0, wanted + surge - total));
  }

  /**
   * How many old pods may be removed now.
   *
   * @param total wanted old and new pods
   * @param newUnavailable new pods that are not available yet
   */
  int oldToGo(int total, int newUnavailable) {
    return Math.max(0, total - (wanted - unavailable) - newUnavailable);
  }
}
