package io.streamfleet.console.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the StreamConsumerGroups of the namespaces that are shown, and what belongs to one. */
public final class FleetResources {

  /** More are not shown; at this number the heap of 128 MiB is about half full. */
  static final int MOST = 500;

  /** Pods of one fleet that are shown: more do not fit on a page. */
  private static final int MOST_PODS = 100;

  /** The newest that are shown of one fleet. */
  private static final int MOST_EVENTS = 50;

  /** Events that are read to find the newest. */
  private static final int EVENTS_READ = 500;

  private final Cluster cluster;
  private final Set<String> namespaces;

  /**
   * @param namespaces all if empty
   */
  public FleetResources(Cluster cluster, Set<String> namespaces) {
    this.cluster = cluster;
    this.namespaces = Set.copyOf(namespaces);
  }

  /**
   * All fleets, by namespace and name. One that did not change since is kept as it is.
   *
   * @throws ClusterFailure if the API server refuses or does not answer
   */
  public Map<FleetKey, FleetResource> list(Map<FleetKey, FleetResource> before) {
    Map<FleetKey, FleetResource> found =
        new TreeMap<>(Comparator.comparing(FleetKey::namespace).thenComparing(FleetKey::name));
    for (String path : paths()) {
      JsonNode list =
          cluster
              .get(path + "?limit=" + MOST)
              .orElseThrow(
                  () ->
                      new ClusterFailure(
                          404, "the cluster has no StreamConsumerGroups: install the operator"));
      for (JsonNode object : list.path("items")) {
        FleetResource read = read(object, before);
        if (found.size() < MOST) {
          found.put(read.key(), read);
        }
      }
    }
    return found;
  }

  private static FleetResource read(JsonNode object, Map<FleetKey, FleetResource> before) {
    JsonNode metadata = object.path("metadata");
    FleetResource known =
        before.get(
            new FleetKey(metadata.path("namespace").asText(), metadata.path("name").asText()));
    return known != null
            && known.version().equals(metadata.path("resourceVersion").asText())
            && known.uid().equals(metadata.path("uid").asText())
        ? known
        : FleetResource.of(object);
  }

  private List<String> paths() {
    String group = "/apis/" + Manifest.GROUP + "/" + Manifest.VERSION;
    return namespaces.isEmpty()
        ? List.of(group + "/" + Manifest.PLURAL)
        : namespaces.stream()
            .sorted()
            .map(it -> group + "/namespaces/" + Cluster.encoded(it) + "/" + Manifest.PLURAL)
            .toList();
  }

  /** The pods of a fleet. */
  public List<JsonNode> pods(FleetKey fleet) {
    return items(
        "/api/v1/namespaces/%s/pods?limit=%d&labelSelector=%s"
            .formatted(
                Cluster.encoded(fleet.namespace()),
                MOST_PODS,
                Cluster.encoded("streamfleet.io/group=" + fleet.name())));
  }

  /** The Events of a fleet, the newest first. */
  public List<JsonNode> events(FleetResource fleet) {
    List<JsonNode> events =
        items(
            "/api/v1/namespaces/%s/events?limit=%d&fieldSelector=%s"
                .formatted(
                    Cluster.encoded(fleet.key().namespace()),
                    EVENTS_READ,
                    Cluster.encoded("involvedObject.uid=" + fleet.uid())));
    return events.stream()
        .sorted(Comparator.comparing(FleetResources::time).reversed())
        .limit(MOST_EVENTS)
        .toList();
  }

  /** When an Event was last seen; empty if it does not say. */
  public static String time(JsonNode event) {
    return Optional.of(event.path("lastTimestamp").asText(""))
        .filter(it -> !it.isEmpty() && !it.equals("null"))
        .or(() -> Optional.of(event.path("eventTime").asText("")))
        .filter(it -> !it.isEmpty() && !it.equals("null"))
        .orElseGet(() -> event.path("metadata").path("creationTimestamp").asText(""));
  }

  private List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    cluster.get(path).ifPresent(list -> list.path("items").forEach(items::add));
    return items;
  }
}
