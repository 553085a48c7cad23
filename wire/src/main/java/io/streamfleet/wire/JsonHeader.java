package io.streamfleet.wire;

import java.util.Map;
import java.util.Optional;

/**
 * The header of a JSON payload.
 *
 * @param texts the other fields of the header that are present, by name
 */
record JsonHeader(String channel, boolean addressed, Map<String, String> texts) implements Header {

  @Override
  public Optional<String> traceId() {
    return Optional.ofNullable(texts.get("trace_id"));
  }

  @Override
  public Optional<String> messageId() {
    return Optional.ofNullable(texts.get("message_id"));
  }

  @Override
  public Optional<String> platform() {
    return Optional.ofNullable(texts.get("platform"));
  }

  @Override
  public Optional<String> userId() {
    return Optional.ofNullable(texts.get("user_id"));
  }
}
