package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.streamfleet.api.AutoscalingSpec;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * KEDA's ScaledObject: the number of workers follows the lag, within the bounds of the spec.
 *
 * <p>Each stream has two triggers; one that is paused has no lag that more workers would shorten,
 * and only the second. The one on lag says how many workers are needed. The one on pending entries
 * is there because lag is 0 as soon as everything is delivered, handled or not: it keeps a fleet
 * from going to zero, and from shrinking while all its workers have their hands full. Its target is
 * so high that it never makes a fleet grow: a worker has no more than {@code maxInFlight} entries
 * of a stream in flight.
 *
 * @see <a href="https://keda.sh/docs/latest/scalers/redis-streams/">KEDA's scaler for Redis
 *     Streams</a>
 */
public final class WorkerScaledObject {

  public static final String API_VERSION = WorkerTriggerAuthentication.API_VERSION;
  public static final String KIND = "ScaledObject";

  /** Half of KEDA's own: a lag of half a minute is what autoscaling is to prevent. */
  private static final Duration POLLING = Duration.ofSeconds(15);

  /** KEDA's and Kubernetes' own: the next burst finds the workers of the last one still there. */
  private static final Duration CALM = Duration.ofMinutes(5);

  /** Beyond that Kubernetes takes no stabilization window. */
  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  /** Beyond that Kubernetes takes no period of a scaling policy. */
  private static final Duration LONGEST_PERIOD = Duration.ofMinutes(30);

  /** Never more than half of the workers drain at once: the rest takes over what they leave. */
  private static final int MOST_PERCENT_DRAINING = 50;

  private WorkerScaledObject() {}

  /** Whether the fleet asks for it. */
  public static boolean isWanted(Fleet fleet) {
    return fleet.spec().autoscaling() != null;
  }

  /**
   * What it should be.
   *
   * @throws NullPointerException if it is not wanted
   */
  public static GenericKubernetesResource of(Fleet fleet) {
    AutoscalingSpec autoscaling = Objects.requireNonNull(fleet.spec().autoscaling());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put(
        "scaleTargetRef",
        inOrder("apiVersion", "apps/v1", "kind", "Deployment", "name", fleet.names().worker()));
    spec.put("pollingInterval", (int) POLLING.toSeconds());
    spec.put("cooldownPeriod", (int) calm(fleet).toSeconds());
    spec.put("minReplicaCount", autoscaling.minReplicas());
    spec.put("maxReplicaCount", autoscaling.maxReplicas());
    spec.put(
        "advanced", Map.of("horizontalPodAutoscalerConfig", Map.of("behavior", behavior(fleet))));
    spec.put("triggers", triggers(fleet, autoscaling));
    return Metadata.generic(fleet, API_VERSION, KIND, fleet.names().worker(), spec);
  }

  private static Map<String, Object> behavior(Fleet fleet) {
    Duration drained = min(WorkerPod.gracePeriod(fleet.spec().workers()), LONGEST_PERIOD);
    Map<String, Object> half =
        inOrder(
            "type",
            "Percent",
            "value",
            MOST_PERCENT_DRAINING,
            "periodSeconds",
            (int) drained.toSeconds());
    return Map.of(
        "scaleDown",
        inOrder(
            "stabilizationWindowSeconds",
            (int) min(calm(fleet), LONGEST_WINDOW).toSeconds(),
            "policies",
            List.of(half)));
  }

  /** At least as long as a drain, or entries that were given back would not count any more. */
  private static Duration calm(Fleet fleet) {
    Duration drained = WorkerPod.gracePeriod(fleet.spec().workers());
    return drained.compareTo(CALM) > 0 ? drained : CALM;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static List<Map<String, Object>> triggers(Fleet fleet, AutoscalingSpec autoscaling) {
    StreamConsumerGroupSpec spec = fleet.spec();
    int busy = Math.max(autoscaling.lagPerReplica(), spec.read().maxInFlight());
    List<Map<String, Object>> triggers = new ArrayList<>();
    for (DeclaredGroup group : fleet.groups()) {
      Map<String, Object> lag = new LinkedHashMap<>();
      lag.put("lagCount", String.valueOf(autoscaling.lagPerReplica()));
      lag.put("activationLagCount", "0");
      if (!group.paused()) {
        triggers.add(trigger(fleet, group, lag));
      }
      triggers.add(trigger(fleet, group, Map.of("pendingEntriesCount", String.valueOf(busy))));
    }
    return triggers;
  }

  private static Map<String, Object> trigger(
      Fleet fleet, DeclaredGroup group, Map<String, Object> target) {
    RedisSpec redis = fleet.spec().redis();
    RedisAddress address = RedisAddress.of(redis, fleet.namespace());
    Map<String, Object> metadata = new LinkedHashMap<>();
    String type = "redis-streams";
    String addresses = String.join(",", address.addresses());
    if (redis.cluster()) {
      type = "redis-cluster-streams";
      metadata.put("addresses", addresses);
    } else if (!address.master().isEmpty()) {
      type = "redis-sentinel-streams";
      metadata.put("addresses", addresses);
      metadata.put("sentinelMaster", address.master());
    } else {
      metadata.put("address", addresses);
    }
    if (address.database() != 0) {
      metadata.put("databaseIndex", String.valueOf(address.database()));
    }
    if (address.tls()) {
      metadata.put("enableTLS", "true");
    }
    metadata.put("stream", group.group().stream());
    metadata.put("consumerGroup", group.group().group());
    metadata.putAll(target);
    Map<String, Object> trigger = inOrder("type", type, "metadata", metadata);
    if (WorkerTriggerAuthentication.isWanted(fleet)) {
      trigger.put("authenticationRef", Map.of("name", fleet.names().triggerAuthentication()));
    }
    return trigger;
  }

  private static Map<String, Object> inOrder(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
