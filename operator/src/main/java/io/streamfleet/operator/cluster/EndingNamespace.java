package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** A namespace that goes, with all that is in it. */
public final class EndingNamespace {

  private EndingNamespace() {}

  /**
   * Whether a request was refused only because its namespace goes: nothing can be made there any
   * more, and nobody can act on it.
   */
  public static boolean isWhy(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused) {
        Status status = refused.getStatus();
        return status != null
            && status.getDetails() != null
            && status.getDetails().getCauses().stream()
                .anyMatch(it -> "NamespaceTerminating".equals(it.getReason()));
      }
    }
    return false;
  }
}
