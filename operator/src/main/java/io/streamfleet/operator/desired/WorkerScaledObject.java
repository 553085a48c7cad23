package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.streamfleet.api.AutoscalingSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.PartitionsSpec;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.StreamDirection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * KEDA's ScaledObject: the number of workers follows the lag, within the bounds of the spec.
 *
 * <p>Each stream has two triggers. The trigger on lag computes how many workers are needed; a
 * paused stream does not have it, since more workers would not reduce its lag. The trigger on
 * pending entries is needed because lag is 0 as soon as everything is delivered, handled or not: it
 * keeps a fleet from scaling to zero, and from shrinking while all workers are busy. Its target is
 * so high that it never scales up: a worker has at most {@code maxInFlight} entries of a stream in
 * flight.
 *
 * @see <a href="https://keda.sh/docs/latest/scalers/redis-streams/">KEDA's scaler for Redis
 *     Streams</a>
 */
public final class WorkerScaledObject {

  public static final String API_VERSION = WorkerTriggerAuthentication.API_VERSION;
  public static final String KIND = "ScaledObject";

  /** Half of KEDA's default: scaling should react before the lag is half a minute. */
  private static final Duration POLLING_INTERVAL = Duration.ofSeconds(15);

  /** The default of KEDA and Kubernetes: the workers of one burst are still there for the next. */
  private static final Duration COOLDOWN = Duration.ofMinutes(5);

  /** The maximum that Kubernetes accepts for a stabilization window. */
  private static final Duration MAX_STABILIZATION = Duration.ofHours(1);

  /** The maximum that Kubernetes accepts for the period of a scaling policy. */
  private static final Duration MAX_POLICY_PERIOD = Duration.ofMinutes(30);

  /** At most half of the workers drain at once; the others take over their entries. */
  private static final int MAX_PERCENT_DRAINING = 50;

  private WorkerScaledObject() {}

  /** Whether the spec enables it. */
  public static boolean isWanted(Fleet fleet) {
    return fleet.spec().autoscaling() != null;
  }

  /**
   * The desired ScaledObject.
   *
   * @throws NullPointerException if the spec does not enable it
   */
  public static GenericKubernetesResource of(Fleet fleet) {
    AutoscalingSpec autoscaling = Objects.requireNonNull(fleet.spec().autoscaling());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put(
        "scaleTargetRef",
        inOrder("apiVersion", "apps/v1", "kind", "Deployment", "name", fleet.names().worker()));
    spec.put("pollingInterval", (int) POLLING_INTERVAL.toSeconds());
    spec.put("cooldownPeriod", (int) cooldown(fleet).toSeconds());
    spec.put("minReplicaCount", autoscaling.minReplicas());
    spec.put("maxReplicaCount", autoscaling.maxReplicas());
    spec.put(
        "advanced", Map.of("horizontalPodAutoscalerConfig", Map.of("behavior", behavior(fleet))));
    spec.put("triggers", triggers(fleet, autoscaling));
    return Metadata.generic(fleet, API_VERSION, KIND, fleet.names().worker(), spec);
  }

  private static Map<String, Object> behavior(Fleet fleet) {
    Duration drained = min(WorkerPod.gracePeriod(fleet.spec().workers()), MAX_POLICY_PERIOD);
    Map<String, Object> half =
        inOrder(
            "type",
            "Percent",
            "value",
            MAX_PERCENT_DRAINING,
            "periodSeconds",
            (int) drained.toSeconds());
    return Map.of(
        "scaleDown",
        inOrder(
            "stabilizationWindowSeconds",
            (int) min(cooldown(fleet), MAX_STABILIZATION).toSeconds(),
            "policies",
            List.of(half)));
  }

  /**
   * At least as long as a drain; otherwise the entries of a draining worker would not count any
   * more.
   */
  private static Duration cooldown(Fleet fleet) {
    Duration drained = WorkerPod.gracePeriod(fleet.spec().workers());
    return drained.compareTo(COOLDOWN) > 0 ? drained : COOLDOWN;
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
      lag.put("lagCount", String.valueOf(lagCount(spec, group, autoscaling)));
      lag.put("activationLagCount", "0");
      if (!group.paused()) {
        triggers.add(trigger(fleet, group, lag));
      }
      triggers.add(trigger(fleet, group, Map.of("pendingEntriesCount", String.valueOf(busy))));
    }
    return triggers;
  }

  /**
   * The lag per worker. Of metrics that an autoscaler has, the largest counts: so each of several
   * partitions stands for all of them, as if the others had the same lag.
   */
  private static int lagCount(
      StreamConsumerGroupSpec spec, DeclaredGroup group, AutoscalingSpec autoscaling) {
    InboundSpec inbound = spec.inbound();
    PartitionsSpec partitions = inbound == null ? null : inbound.partitions();
    return inbound != null
            && partitions != null
            && group.direction() == StreamDirection.INBOUND
            && inbound.readStreams().contains(group.group().stream())
        ? Math.max(1, autoscaling.lagPerReplica() / partitions.count())
        : autoscaling.lagPerReplica();
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
