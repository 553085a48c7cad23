package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** Stops a process as a kubelet does: SIGTERM first, SIGKILL after the grace period. */
final class GracefulEnd {

  /** Kubernetes' default for pods. */
  private static final long DEFAULT_SECONDS = 30;

  private GracefulEnd() {}

  static void of(Process running, Pod ending) throws InterruptedException {
    running.toHandle().destroy();
    if (!running.waitFor(period(ending))) {
      running.destroyForcibly().waitFor();
    }
  }

  private static Duration period(Pod ending) {
    Long seconds = ending.getMetadata().getDeletionGracePeriodSeconds();
    Long declared = ending.getSpec().getTerminationGracePeriodSeconds();
    return Duration.ofSeconds(
        seconds != null ? seconds : declared != null ? declared : DEFAULT_SECONDS);
  }
}
