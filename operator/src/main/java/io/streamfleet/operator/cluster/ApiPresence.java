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
 * Tells whether the cluster has an API. Uses discovery, which needs no rights; reading CRDs would
 * need a cluster-wide right.
 */
public final class ApiPresence {

  private static final Logger LOG = LoggerFactory.getLogger(ApiPresence.class);

  private final KubernetesClient client;
  private final Clock clock;
  private final Duration cacheTime;
  private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(boolean there, Instant at) {}

  /**
   * @param cacheTime how long the answer that an API is missing is cached
   */
  public ApiPresence(KubernetesClient client, Clock clock, Duration cacheTime) {
    this.client = client;
    this.clock = clock;
    this.cacheTime = cacheTime;
  }

  /** Whether KEDA is installed. */
  public boolean keda() {
    return has("keda.sh/v1alpha1", "ScaledObject");
  }

  /** Whether the Prometheus operator's PodMonitor is installed. */
  public boolean podMonitors() {
    return has("monitoring.coreos.com/v1", "PodMonitor");
  }

  private boolean has(String apiVersion, String kind) {
    Instant now = clock.instant();
    Answer known = answers.get(apiVersion);
    // An API that was found once is assumed to stay: if we gave it up, the objects of that API
    // would be deleted.
    if (known != null && (known.there() || now.isBefore(known.at().plus(cacheTime)))) {
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
          .log("discovery failed for an API, which is treated as missing for now");
      return false;
    }
  }
}
