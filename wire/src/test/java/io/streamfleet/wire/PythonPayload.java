package io.streamfleet.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A payload made by Python's msgpack, and what Python says of it; see generate.py beside it. */
record PythonPayload(String name, JsonNode line) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<PythonPayload> good() {
    return all().stream().filter(payload -> !payload.line.has("bad"));
  }

  static Stream<PythonPayload> bad() {
    return all().stream().filter(payload -> payload.line.has("bad"));
  }

  static Stream<PythonPayload> repackable() {
    return good().filter(payload -> payload.line.get("packed").asBoolean());
  }

  static PythonPayload named(String name) {
    return all().stream().filter(payload -> payload.name.equals(name)).findFirst().orElseThrow();
  }

  static Stream<PythonPayload> likeJson() {
    return good().filter(payload -> payload.line.get("is_json").asBoolean());
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(line.get("hex").textValue());
  }

  JsonNode json() {
    return line.get("json");
  }

  String channel() {
    return line.get("channel").textValue();
  }

  boolean addressed() {
    return line.get("addressed").booleanValue();
  }

  String why() {
    return line.get("bad").textValue();
  }

  @Override
  public String toString() {
    return name;
  }

  private static List<PythonPayload> all() {
    InputStream file = PythonPayload.class.getResourceAsStream("python/payloads.jsonl");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
      return lines.lines().map(PythonPayload::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PythonPayload parse(String text) {
    try {
      JsonNode line = JSON.readTree(text);
      return new PythonPayload(line.get("name").textValue(), line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
