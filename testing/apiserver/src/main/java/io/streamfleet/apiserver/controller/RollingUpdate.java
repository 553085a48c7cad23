package io.streamfleet.apiserver.controller;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;

/**
 * How far a rolling update may go.
 *
 * @param wanted how many pods there are in the end
 * @param surge how many more there may be meanwhile
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
    // Without either nothing could ever move.
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
   * @param current how many there are wanted of the new ones already
   * @param total how many there are wanted of old and new ones
   */
  int newReplicas(int current, int total) {
    if (current >= wanted) {
      return wanted;
    }
    return Math.min(wanted, current + Math.max(0, wanted + surge - total));
  }

  /**
   * How many old pods may go now.
   *
   * @param total how many there are wanted of old and new ones
   * @param newUnavailable how many of the new ones are not available yet
   */
  int oldToGo(int total, int newUnavailable) {
    return Math.max(0, total - (wanted - unavailable) - newUnavailable);
  }
}
