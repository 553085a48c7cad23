package io.streamfleet.worker.handle;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A message as a handler gets it, with no Redis behind it. */
record ReceivedMessage(
    String id,
    String stream,
    Direction direction,
    String channel,
    Optional<String> traceId,
    int attempt,
    Instant timestamp,
    Payload payload)
    implements Message {

  static final String JSON = "{\"content\":\"a secret\"}";

  static ReceivedMessage inbound() {
    return new ReceivedMessage(
        "1732372000000-0",
        "sg:stream:inbound",
        Direction.INBOUND,
        "general",
        Optional.of("trace-1"),
        1,
        Instant.ofEpochMilli(1732372000000L),
        new Fields(Map.of(), JSON));
  }

  ReceivedMessage on(String otherStream, String otherChannel) {
    return new ReceivedMessage(
        id, otherStream, direction, otherChannel, traceId, attempt, timestamp, payload);
  }

  ReceivedMessage at(Instant otherTimestamp) {
    return new ReceivedMessage(
        id, stream, direction, channel, traceId, attempt, otherTimestamp, payload);
  }

  ReceivedMessage traced(Optional<String> otherTrace) {
    return new ReceivedMessage(
        id, stream, direction, channel, otherTrace, attempt, timestamp, payload);
  }

  ReceivedMessage outbound(int otherAttempt) {
    return new ReceivedMessage(
        id,
        "sg:stream:outbound:discord",
        Direction.OUTBOUND,
        channel,
        traceId,
        otherAttempt,
        timestamp,
        payload);
  }

  ReceivedMessage with(Map<String, Object> fields, String json) {
    return new ReceivedMessage(
        id,
        stream,
        direction,
        channel,
        traceId,
        attempt,
        timestamp,
        new Fields(Map.copyOf(fields), json));
  }

  private record Fields(Map<String, Object> toMap, String json) implements Payload {
    @Override
    public byte[] toJson() {
      return json.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] raw() {
      return toJson();
    }
  }
}
