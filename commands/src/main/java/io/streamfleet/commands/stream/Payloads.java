package io.streamfleet.commands.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.wire.WirePayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Decodes payloads, which are msgpack or JSON, to JSON. */
public final class Payloads {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Payloads() {}

  /**
   * Decodes a whole payload.
   *
   * @throws Undecodable if the bytes are malformed
   */
  public static JsonNode decoded(byte[] data) throws Undecodable {
    // Only validates the bytes, for which the name of the channel's field does not matter.
    new HeaderScan("").scan(data);
    try {
      return JSON.readTree(new WirePayload(data).toJson());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  /**
   * The text of a field; {@code a.b} is the field b of the field a. Empty if the field is missing
   * or not a scalar, or if the payload is malformed.
   */
  public static Optional<String> field(byte[] data, String path) {
    try {
      JsonNode at = decoded(data);
      for (String name : path.split("\\.", -1)) {
        at = at.path(name);
      }
      return at.isValueNode() ? Optional.of(at.asText()) : Optional.empty();
    } catch (Undecodable e) {
      return Optional.empty();
    }
  }
}
