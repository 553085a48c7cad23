package io.streamfleet.worker.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.redis.EntryId;
import java.util.Optional;

/**
 * A user's request to cancel, as published: {@code {"stream":"s","entry":"1-1"}}, or {@code
 * {"channel":"c"}}, which may name a stream, too.
 *
 * <p>An entry is named by its stream and id: ids are times, and under load two streams contain the
 * same id. Other fleets may receive the request as well, so even a worker with a single stream
 * can't know that an id without a stream is meant for it.
 */
public sealed interface CancelOrder {

  /** One entry, in every group that reads its stream. */
  record OfEntry(String stream, EntryId entry) implements CancelOrder {}

  /**
   * All entries of a channel that are in flight.
   *
   * @param only the stream, if not all streams are meant
   */
  record OfChannel(String channel, Optional<String> only) implements CancelOrder {}

  /** Whether it concerns entries of a stream. */
  default boolean concerns(String stream) {
    return switch (this) {
      case OfEntry order -> order.stream().equals(stream);
      case OfChannel order -> order.only().map(stream::equals).orElse(true);
    };
  }

  /**
   * Parses a request.
   *
   * @throws IllegalArgumentException if it names neither an entry of a stream nor a channel
   * @throws JsonProcessingException if it is not JSON
   */
  static CancelOrder read(ObjectMapper json, String message) throws JsonProcessingException {
    JsonNode order = json.readTree(message);
    JsonNode entry = order.path("entry");
    JsonNode channel = order.path("channel");
    JsonNode stream = order.path("stream");
    if (entry.isTextual() && stream.isTextual() && channel.isMissingNode()) {
      return new OfEntry(stream.textValue(), EntryId.parse(entry.textValue()));
    }
    if (entry.isMissingNode() && channel.isValueNode() && !channel.isNull()) {
      if (stream.isMissingNode() || stream.isTextual()) {
        return new OfChannel(channel.asText(), Optional.ofNullable(stream.textValue()));
      }
    }
    throw new IllegalArgumentException("neither an entry of a stream nor a channel");
  }

  /** The JSON text to publish. */
  default String text(ObjectMapper json) {
    ObjectNode order = json.createObjectNode();
    switch (this) {
      case OfEntry it -> order.put("stream", it.stream()).put("entry", it.entry().toString());
      case OfChannel it -> {
        order.put("channel", it.channel());
        it.only().ifPresent(stream -> order.put("stream", stream));
      }
    }
    return order.toString();
  }
}
