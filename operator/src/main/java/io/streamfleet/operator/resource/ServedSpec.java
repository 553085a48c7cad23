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
 * The spec of a resource for which the API server has another CRD than this operator. A newer one
 * may have fields that nobody here knows, and values. What is known counts. The rest is noted down
 * at the resource, in memory only, so that it can be told; it travels in annotations, for whoever
 * copies a resource copies those.
 */
public final class ServedSpec {

  private static final String UNKNOWN = "memory.streamfleet.io/unknown-fields";
  private static final String UNREAD = "memory.streamfleet.io/unread-spec";

  private static final ObjectMapper JSON = new ObjectMapper();

  private ServedSpec() {}

  /** Gives a resource its spec, with defaults where the API server had none to fill in. */
  public static void read(JsonNode spec, StreamConsumerGroup resource) {
    List<String> unknown = new ArrayList<>();
    JsonNode known = Manifest.known(spec, unknown::add);
    if (!unknown.isEmpty()) {
      note(resource, UNKNOWN, String.join(", ", unknown));
    }
    try {
      resource.setSpec(JSON.treeToValue(known, StreamConsumerGroupSpec.class));
    } catch (JsonProcessingException | RuntimeException unusable) {
      // What is wrong with it is found, and said, where every spec is checked.
      note(resource, UNREAD, known.toString());
    }
  }

  /** The fields that nobody here knows, with commas between; empty if there are none. */
  public static Optional<String> unknownFields(StreamConsumerGroup resource) {
    return noted(resource, UNKNOWN);
  }

  /** A spec that has values which nobody here knows. */
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
