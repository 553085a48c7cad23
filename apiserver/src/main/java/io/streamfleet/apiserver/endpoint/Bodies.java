package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.request.HttpCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what is sent: JSON, or YAML where it is asked for. */
public final class Bodies {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final ObjectMapper YAML = YAMLMapper.builder().build();

  private Bodies() {}

  /**
   * The document that was sent.
   *
   * @throws ApiFailure 400 if there is none
   */
  static JsonNode document(HttpCall call) {
    String text = call.body();
    if (call.contentType().contains("protobuf")) {
      throw ApiFailure.unsupportedMediaType(call.contentType());
    }
    try {
      String start = text.stripLeading();
      boolean json = start.startsWith("{") || start.startsWith("[");
      return (json ? JSON : YAML).readTree(text);
    } catch (JsonProcessingException e) {
      throw ApiFailure.badRequest("the body cannot be parsed: " + e.getOriginalMessage());
    }
  }

  /**
   * The object that was sent.
   *
   * @throws ApiFailure 400 if there is none
   */
  static ObjectNode object(HttpCall call) {
    if (document(call) instanceof ObjectNode object) {
      return object;
    }
    throw ApiFailure.badRequest("the body is no object");
  }

  /**
   * The objects in YAML documents.
   *
   * @throws ApiFailure 400 if they are none
   */
  public static List<ObjectNode> documents(String manifests) {
    try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(manifests)) {
      return documents.readAll().stream().filter(object -> !object.isEmpty()).toList();
    } catch (IOException e) {
      throw ApiFailure.badRequest("the manifests cannot be parsed: " + e.getMessage());
    }
  }

  /** Writes a document. */
  public static byte[] bytes(JsonNode document) {
    return document.toString().getBytes(StandardCharsets.UTF_8);
  }
}
