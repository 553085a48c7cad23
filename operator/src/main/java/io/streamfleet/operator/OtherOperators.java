package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.operator.settings.OperatorSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Detects a running operator that is not a replica of this one. Two operators that serve the same
 * resources would overwrite each other's changes and roll the workers each time.
 */
final class OtherOperators {

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final Clock clock;

  OtherOperators(KubernetesClient client, OperatorSettings settings, Clock clock) {
    this.client = client;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Why this operator should not start; empty if no other runs, or if the settings allow it.
   *
   * <p>An account that may not list leases sees no other operator. The chart's account may not;
   * there Helm refuses a second release, since both would own the CustomResourceDefinition.
   */
  Optional<String> problem() {
    if (settings.alongside()) {
      return Optional.empty();
    }
    try {
      return client
          .leases()
          .inAnyNamespace()
          .withField("metadata.name", StreamfleetOperator.LEASE)
          .list()
          .getItems()
          .stream()
          .filter(lease -> !isOurs(lease) && isHeld(lease.getSpec()))
          .findFirst()
          .map(OtherOperators::explained);
    } catch (KubernetesClientException e) {
      if (e.getCode() == 403 || e.getCode() == 401) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean isOurs(Lease lease) {
    return settings.leaderElection()
        && lease.getMetadata().getNamespace().equals(settings.namespace());
  }

  private boolean isHeld(LeaseSpec spec) {
    if (spec == null
        || spec.getHolderIdentity() == null
        || spec.getHolderIdentity().isEmpty()
        || spec.getRenewTime() == null
        || spec.getLeaseDurationSeconds() == null) {
      return false;
    }
    Duration valid = Duration.ofSeconds(spec.getLeaseDurationSeconds());
    return clock.instant().isBefore(spec.getRenewTime().toInstant().plus(valid));
  }

  private static String explained(Lease lease) {
    return "another operator is running: %s in namespace %s holds the lease %s; stop it first, or set"
            .formatted(
                lease.getSpec().getHolderIdentity(),
                lease.getMetadata().getNamespace(),
                StreamfleetOperator.LEASE)
        + " STREAMFLEET_ALONGSIDE=true if it serves other namespaces than this one";
  }
}
