package io.streamfleet.console.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A StreamConsumerGroup as it was last read.
 *
 * @param declared its spec as it is written
 * @param spec with the defaults; empty if it is invalid
 * @param problem why it is invalid
 */
public record FleetResource(
    FleetKey key,
    String uid,
    String version,
    JsonNode metadata,
    JsonNode declared,
    JsonNode status,
    Optional<StreamConsumerGroupSpec> spec,
    Optional<String> problem) {

  /** Reads one, whatever is in it. */
  static FleetResource of(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    @Nullable StreamConsumerGroupSpec spec = null;
    @Nullable String problem = null;
    try {
      spec = Manifest.defaulted(Manifest.known(object.path("spec"), unknown -> {}));
    } catch (InvalidManifest e) {
      problem = String.valueOf(e.getMessage());
    }
    return new FleetResource(
        new FleetKey(metadata.path("namespace").asText(), metadata.path("name").asText()),
        metadata.path("uid").asText(),
        metadata.path("resourceVersion").asText(),
        metadata,
        object.path("spec"),
        object.path("status"),
        Optional.ofNullable(spec),
        Optional.ofNullable(problem));
  }

  /** One of its conditions; a missing node if it has none of this type. */
  public JsonNode condition(String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return MissingNode.getInstance();
  }
}
