package io.streamfleet.commands.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.wire.WirePayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Payloads as JSON, whichever format they have on the wire. */
public final class Payloads {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Payloads() {}

  /**
   * All of one.
   *
   * @throws Undecodable when the bytes are not well formed
   */
  public static JsonNode decoded(byte[] data) throws Undecodable {
    // The field of the channel does not matter for whether the bytes are well formed.
    new HeaderScan("").scan(data);
    try {
      return JSON.readTree(new WirePayload(data).toJson());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  /** A field as text; {@code a.b} is the field b of the field a. */
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
