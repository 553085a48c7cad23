package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.OperatorSettings;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leader election: of several replicas, the one that holds the lease works. */
final class Leadership {

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final String lease;
  private final String identity;
  private final OperatorMetrics metrics;
  private final Runnable onLost;
  private volatile boolean stopping;
  private volatile boolean lost;

  Leadership(
      KubernetesClient client,
      OperatorSettings settings,
      String lease,
      OperatorMetrics metrics,
      Runnable onLost) {
    this.client = client;
    this.settings = settings;
    this.lease = lease;
    this.metrics = metrics;
    this.onLost = onLost;
    identity = settings.identity().isEmpty() ? UUID.randomUUID().toString() : settings.identity();
  }

  boolean isElected() {
    return settings.leaderElection();
  }

  /** A leader renews five times within the lease duration. */
  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease)
        .withLeaseNamespace(settings.namespace())
        .withIdentity(identity)
        .withLeaseDuration(settings.leaseDuration())
        .withRenewDeadline(settings.leaseDuration().multipliedBy(2).dividedBy(3))
        .withRetryPeriod(settings.leaseDuration().dividedBy(5))
        // It would end the process at once, even during an orderly shutdown; the callback tells the
        // two apart.
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(
            new LeaderCallbacks(
                () -> {
                  LOG.atInfo().addKeyValue("identity", identity).log("leading");
                  metrics.leading(true);
                },
                this::stopped,
                leader -> LOG.atInfo().addKeyValue("leader", leader).log("leader")))
        .build();
  }

  private void stopped() {
    metrics.leading(false);
    if (!stopping) {
      LOG.warn("leadership was lost; another replica may lead now, so all work is stopped");
      lost = true;
      onLost.run();
    }
  }

  /** From now on losing the lease is expected. */
  void stopping() {
    stopping = true;
  }

  /** Releases the lease, so that the next leader does not wait for it to expire. */
  void release() {
    if (!settings.leaderElection() || lost) {
      return;
    }
    try {
      Lease held = client.leases().inNamespace(settings.namespace()).withName(lease).get();
      if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
        Lease free =
            new LeaseBuilder(held)
                .editSpec()
                .withHolderIdentity("")
                .withLeaseDurationSeconds(1)
                .endSpec()
                .build();
        // The update carries the resource version: if another replica took the lease meanwhile, it
        // fails.
        client.leases().resource(free).update();
      }
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("status", e.getCode())
          .log("the lease could not be released; it will expire");
    }
  }
}
