package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.operator.dependent.ApplyFailure;
import io.streamfleet.operator.rights.RightsCheck;
import io.streamfleet.operator.rights.ShippedRights;
import io.streamfleet.operator.settings.OperatorSettings;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Checks the installation with the operator's own rights: {@code selftest} runs it on the command
 * line, {@code helm test} in a pod. It changes nothing.
 */
final class SelfTest {

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final Predicate<SelfSubjectAccessReview> allowed;

  SelfTest(KubernetesClient client, OperatorSettings settings) {
    this(client, settings, review -> isAllowed(client, review));
  }

  /**
   * @param allowed decides what is allowed, instead of the API server
   */
  SelfTest(
      KubernetesClient client,
      OperatorSettings settings,
      Predicate<SelfSubjectAccessReview> allowed) {
    this.client = client;
    this.settings = settings;
    this.allowed = allowed;
  }

  private static boolean isAllowed(KubernetesClient client, SelfSubjectAccessReview review) {
    return client
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  /**
   * Runs all checks.
   *
   * @param lines receives a line for each check
   * @return 0 if all passed, else 1
   */
  int run(Consumer<String> lines) {
    RightsCheck check = new RightsCheck(allowed);
    Optional<String> problem =
        new Preflight(client, settings, Clock.systemUTC()).problem().map(Preflight.Problem::text);
    check.found(
        problem.isEmpty(), problem.orElse("the CustomResourceDefinition is served and readable"));
    try {
      rights(check);
    } catch (KubernetesClientException e) {
      check.found(false, "what it may do can't be asked: " + ApplyFailure.line(e));
    }
    check.findings().forEach(lines);
    return check.passed() ? 0 : 1;
  }

  private void rights(RightsCheck check) {
    Set<String> watched = settings.namespaces().isEmpty() ? Set.of("") : settings.namespaces();
    for (String namespace : watched) {
      check.needs(ShippedRights.OPERATOR, namespace, "serve resources");
      check.wants(ShippedRights.KEDA, namespace, "spec.autoscaling");
      check.wants(ShippedRights.MONITORING, namespace, "spec.monitoring");
    }
    if (settings.leaderElection()) {
      check.needs(ShippedRights.LEADER_ELECTION, settings.namespace(), "choose a leader");
    }
    check.mustNot(settings.namespaces());
  }
}
