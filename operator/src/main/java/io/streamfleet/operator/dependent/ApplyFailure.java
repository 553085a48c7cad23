package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;

/** Describes why the API server refused an object. */
public final class ApplyFailure {

  private ApplyFailure() {}

  /** Whether the message alone explains the failure, so that no stack trace is needed. */
  static boolean isRefusal(Throwable failure) {
    return failure instanceof KubernetesClientException
        || failure instanceof TakenName
        || (failure.getCause() != null && isRefusal(failure.getCause()));
  }

  /** One line for each failure, with the name of the object. */
  public static List<String> lines(Map<String, Exception> failures) {
    return failures.entrySet().stream()
        .map(failure -> failure.getKey() + ": " + line(failure.getValue()))
        .toList();
  }

  /** One line that stays the same as long as the cause does, so that the status does not change. */
  public static String line(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof KubernetesClientException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TakenName taken) {
      return String.valueOf(taken.getMessage());
    }
    if (cause instanceof KubernetesClientException refused) {
      Status status = refused.getStatus();
      if (status != null && status.getMessage() != null) {
        return status.getMessage();
      }
      return refused.getCode() > 0
          ? "the API server answered " + refused.getCode()
          : "the API server did not answer";
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
