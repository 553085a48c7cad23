package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Recognizes a namespace that is being deleted. */
public final class EndingNamespace {

  private EndingNamespace() {}

  /**
   * Whether a request was refused only because its namespace is being deleted: nothing can be
   * created there any more, and nobody needs to act.
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
