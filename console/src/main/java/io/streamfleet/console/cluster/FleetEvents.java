package io.streamfleet.console.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.Manifest;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Writes Kubernetes Events about fleets. */
public final class FleetEvents {

  private static final String COMPONENT = "streamfleet-console";

  /** The API server refuses longer messages. */
  private static final int MAX_MESSAGE = 1_000;

  private final Cluster cluster;
  private final Clock clock;

  public FleetEvents(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /**
   * Writes one.
   *
   * @throws ClusterFailure if the API server refuses or does not answer
   */
  public void write(FleetResource fleet, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        // The name of a resource may have as many characters as that of an Event.
        .put(
            "name",
            fleet.key().name().substring(0, Math.min(200, fleet.key().name().length()))
                + "."
                + UUID.randomUUID())
        .put("namespace", fleet.key().namespace());
    event
        .putObject("involvedObject")
        .put("apiVersion", Manifest.GROUP + "/" + Manifest.VERSION)
        .put("kind", Manifest.KIND)
        .put("namespace", fleet.key().namespace())
        .put("name", fleet.key().name())
        .put("uid", fleet.uid());
    event
        .put("type", "Normal")
        .put("reason", reason)
        .put(
            "message",
            message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…")
        .put("firstTimestamp", now)
        .put("lastTimestamp", now)
        .put("count", 1)
        .put("reportingComponent", COMPONENT)
        .put("reportingInstance", COMPONENT);
    event.putObject("source").put("component", COMPONENT);
    cluster.create(
        "/api/v1/namespaces/" + Cluster.encoded(fleet.key().namespace()) + "/events", event);
  }
}
