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

  private final KubernetesClient client;
  private final Clock clock;
  private final Duration askAgain;
  private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(boolean there, Instant at) {}

  /**
   * @param askAgain how long that an API is missing is taken for true, after it was asked for
   */
  public ApiPresence(KubernetesClient client, Clock clock, Duration askAgain) {
    this.client = client;
    this.clock = clock;
    this.askAgain = askAgain;
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
    if (known != null && (known.there() || now.isBefore(known.at().plus(askAgain)))) {
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
