package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The PodMonitor of the workers, for the Prometheus operator.
 *
 * @see <a href="https://prometheus-operator.dev/docs/api-reference/api/">the API of PodMonitor</a>
 */
public final class WorkerPodMonitor {

  public static final String API_VERSION = "monitoring.coreos.com/v1";
  public static final String KIND = "PodMonitor";

  private static final String FLEET_LABEL = "fleet";

  private WorkerPodMonitor() {}

  /** Whether the spec enables it. */
  public static boolean isWanted(Fleet fleet) {
    return fleet.spec().monitoring().podMonitor();
  }

  /** The desired PodMonitor. */
  public static GenericKubernetesResource of(Fleet fleet) {
    GenericKubernetesResource monitor =
        Metadata.generic(fleet, API_VERSION, KIND, fleet.names().worker(), spec(fleet));
    monitor
        .getMetadata()
        .setLabels(Metadata.merged(fleet.spec().monitoring().labels(), fleet.names().labels()));
    return monitor;
  }

  private static Map<String, Object> spec(Fleet fleet) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("selector", Map.of("matchLabels", fleet.names().selector()));
    spec.put("podMetricsEndpoints", List.of(endpoint()));
    return spec;
  }

  /** In a fixed order: {@code Map.of} has another order in each process. */
  private static Map<String, Object> endpoint() {
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("port", WorkerPod.METRICS_PORT);
    endpoint.put("path", WorkerPod.METRICS_PATH);
    endpoint.put("relabelings", List.of(fleetLabel()));
    return endpoint;
  }

  /** Adds the name of the resource to every series; alerts and dashboards group by it. */
  private static Map<String, Object> fleetLabel() {
    Map<String, Object> relabeling = new LinkedHashMap<>();
    relabeling.put(
        "sourceLabels",
        List.of(
            "__meta_kubernetes_pod_label_"
                + FleetNames.GROUP_LABEL.replaceAll("[^a-zA-Z0-9]", "_")));
    relabeling.put("targetLabel", FLEET_LABEL);
    return relabeling;
  }
}
