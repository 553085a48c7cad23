package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a cluster has an API. Asked by discovery, which everybody may, rather than by looking at
 * CRDs, which takes a right over the whole cluster.
 */
public final class ApiPresence {

  private static final Logger LOG = LoggerFactory.getLogger(ApiPresence.class);

  /** KEDA is not installed twice a day; who installs it does not mind half a minute. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final Clock clock;
  private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(boolean there, Instant at) {}

  public ApiPresence(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Whether KEDA is there. */
  public boolean keda() {
    return has("keda.sh/v1alpha1", "ScaledObject");
  }

  /** Whether the Prometheus operator's PodMonitors are there. */
  public boolean podMonitors() {
    return has("monitoring.coreos.com/v1", "PodMonitor");
  }

  private boolean has(String apiVersion, String kind) {
    Instant now = clock.instant();
    Answer known = answers.get(apiVersion);
    // An API that was there is taken to stay: to give it up would delete what is made by it.
    if (known != null && (known.there() || now.isBefore(known.at().plus(ASK_AGAIN)))) {
      return known.there();
    }
    try {
      boolean there = client.supports(apiVersion, kind);
      answers.put(apiVersion, new Answer(there, now));
      return there;
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("api", apiVersion)
          .addKeyValue("status", e.getCode())
          .log("discovery did not say whether an API is there; taken as missing for now");
      return false;
    }
  }
}
