package io.streamfleet.operator.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.resource.ServedSpec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a resource whatever it contains. An exception here would end the list or watch, and so stop
 * the operator for all resources.
 */
final class ResourceReader extends StdDeserializer<StreamConsumerGroup> {

  private static final long serialVersionUID = 1;

  private static final ObjectMapper LENIENT =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  ResourceReader() {
    super(StreamConsumerGroup.class);
  }

  @Override
  public StreamConsumerGroup deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode tree = context.readTree(parser);
    if (!(tree instanceof ObjectNode object)) {
      return (StreamConsumerGroup) context.handleUnexpectedToken(StreamConsumerGroup.class, parser);
    }
    JsonNode spec = object.remove("spec");
    JsonNode status = object.remove("status");
    StreamConsumerGroup resource = LENIENT.treeToValue(object, StreamConsumerGroup.class);
    if (spec != null && !spec.isNull()) {
      ServedSpec.read(spec, resource);
    }
    if (status != null && !status.isNull()) {
      resource.setStatus(status(status));
    }
    return resource;
  }

  /** The status of a newer operator is read as far as possible; it is rewritten in any case. */
  private static @Nullable StreamConsumerGroupStatus status(JsonNode status) {
    try {
      return LENIENT.treeToValue(status, StreamConsumerGroupStatus.class);
    } catch (JsonProcessingException | RuntimeException strange) {
      return null;
    }
  }
}
