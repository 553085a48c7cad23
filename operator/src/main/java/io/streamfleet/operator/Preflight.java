package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.dependent.ApplyFailure;
import io.streamfleet.operator.settings.OperatorSettings;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** Checks before the start what would make it fail, and says how to fix it. */
final class Preflight {

  private static final String CRD = Manifest.PLURAL + "." + Manifest.GROUP;

  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final Clock clock;

  Preflight(KubernetesClient client, OperatorSettings settings, Clock clock) {
    this.client = client;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What prevents the start.
   *
   * @param text for users
   * @param mayPass whether it may go away by itself, as with an API server that can't be reached
   */
  record Problem(String text, boolean mayPass) {}

  /** What prevents the start; empty if nothing does. */
  Optional<Problem> problem() {
    Set<String> namespaces = settings.namespaces();
    Set<String> looked = namespaces.isEmpty() ? Set.of("") : namespaces;
    return looked.stream()
        .map(this::problem)
        .flatMap(Optional::stream)
        .findFirst()
        .or(this::ofOthers);
  }

  private Optional<Problem> ofOthers() {
    try {
      return new OtherOperators(client, settings, clock)
          .problem()
          .map(text -> new Problem(text, false));
    } catch (KubernetesClientException e) {
      return Optional.of(new Problem(explained(e, ""), mayPass(e)));
    }
  }

  private Optional<Problem> problem(String namespace) {
    try {
      if (namespace.isEmpty()) {
        client.resources(StreamConsumerGroup.class).inAnyNamespace().list(ONE);
      } else {
        client.resources(StreamConsumerGroup.class).inNamespace(namespace).list(ONE);
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(new Problem(explained(e, namespace), mayPass(e)));
    }
  }

  private static boolean mayPass(KubernetesClientException refused) {
    return switch (refused.getCode()) {
      case 401, 403, 404 -> false;
      default -> true;
    };
  }

  private String explained(KubernetesClientException refused, String namespace) {
    String where = namespace.isEmpty() ? "the cluster" : "namespace " + namespace;
    return switch (refused.getCode()) {
      case 404 ->
          "the cluster does not know %s: install the CRD first (kubectl apply -f crds/)"
              .formatted(CRD);
      case 401, 403 ->
          "the API server does not let this account list %s in %s: bind it to the roles in operator/rbac/ (%s)"
              .formatted(CRD, where, ApplyFailure.line(refused));
      default ->
          "the API server at %s does not answer: %s"
              .formatted(client.getMasterUrl(), reason(refused));
    };
  }

  private static String reason(KubernetesClientException refused) {
    if (refused.getCode() > 0) {
      return ApplyFailure.line(refused);
    }
    Throwable root = refused;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : ": " + root.getMessage());
  }
}
