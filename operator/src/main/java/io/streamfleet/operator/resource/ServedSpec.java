package io.streamfleet.operator.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a spec that was served with another version of the CRD. A newer CRD may have fields and
 * values that this operator does not know. The known part is used. The rest is kept in annotations
 * of the in-memory object, which are copied with it, so that it can be reported.
 */
public final class ServedSpec {

  private static final String UNKNOWN = "memory.streamfleet.io/unknown-fields";
  private static final String UNREAD = "memory.streamfleet.io/unread-spec";

  private static final ObjectMapper JSON = new ObjectMapper();

  private ServedSpec() {}

  /** Sets the spec of a resource, with defaults where the API server set none. */
  public static void read(JsonNode spec, StreamConsumerGroup resource) {
    List<String> unknown = new ArrayList<>();
    JsonNode known = Manifest.known(spec, unknown::add);
    if (!unknown.isEmpty()) {
      note(resource, UNKNOWN, String.join(", ", unknown));
    }
    try {
      resource.setSpec(JSON.treeToValue(known, StreamConsumerGroupSpec.class));
    } catch (JsonProcessingException | RuntimeException unusable) {
      // The violations are reported where every spec is validated.
      note(resource, UNREAD, known.toString());
    }
  }

  /** The unknown fields, separated by commas; empty if there are none. */
  public static Optional<String> unknownFields(StreamConsumerGroup resource) {
    return noted(resource, UNKNOWN);
  }

  /** A spec that could not be deserialized because it has unknown values. */
  static Optional<JsonNode> unread(StreamConsumerGroup resource) {
    return noted(resource, UNREAD).map(ServedSpec::tree);
  }

  private static JsonNode tree(String noted) {
    try {
      return JSON.readTree(noted);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a spec was noted down wrong", e);
    }
  }

  private static Optional<String> noted(StreamConsumerGroup resource, String key) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    return annotations == null ? Optional.empty() : Optional.ofNullable(annotations.get(key));
  }

  private static void note(StreamConsumerGroup resource, String key, String text) {
    Map<String, String> annotations =
        new HashMap<>(
            Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of()));
    annotations.put(key, text);
    resource.getMetadata().setAnnotations(annotations);
  }
}
