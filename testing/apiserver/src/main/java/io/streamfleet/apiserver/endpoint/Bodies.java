package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.protobuf.ProtobufBody;
import io.streamfleet.apiserver.request.HttpCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Reads request bodies: JSON, YAML or protobuf, by the content type. */
public final class Bodies {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final ObjectMapper YAML = YAMLMapper.builder().build();

  private static final String JSON_TYPE = "application/json";
  private static final String YAML_TYPE = "application/yaml";
  private static final List<String> OBJECT_TYPES = List.of(JSON_TYPE, YAML_TYPE, ProtobufBody.TYPE);

  private Bodies() {}

  /**
   * The object to be created, replaced or deleted.
   *
   * @throws ApiFailure 400 if there is none, 415 if a cluster would not accept the content type
   */
  static ObjectNode object(HttpCall call) {
    return switch (mediaType(call)) {
      // JSON is the default, as in a cluster.
      case "", JSON_TYPE -> object(parsed(JSON, call));
      case YAML_TYPE -> object(parsed(YAML, call));
      case ProtobufBody.TYPE -> ProtobufBody.read(call.body().getBytes());
      default -> throw ApiFailure.unsupportedMediaType(call.contentType(), OBJECT_TYPES);
    };
  }

  /**
   * The document of a patch, whose kind the content type tells.
   *
   * @throws ApiFailure 400 if there is none
   */
  static JsonNode patch(HttpCall call) {
    return parsed(JSON, call);
  }

  /** The same for a patch that may be YAML. */
  static ObjectNode applied(HttpCall call) {
    return object(parsed(YAML, call));
  }

  /** The content type without its parameters. */
  static String mediaType(HttpCall call) {
    return call.contentType().replaceAll("\\s*;.*", "").strip().toLowerCase(Locale.ROOT);
  }

  private static JsonNode parsed(ObjectMapper form, HttpCall call) {
    try {
      return form.readTree(call.body().toString(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw ApiFailure.badRequest("the body cannot be parsed: " + e.getOriginalMessage());
    }
  }

  private static ObjectNode object(JsonNode document) {
    if (document instanceof ObjectNode object) {
      return object;
    }
    throw ApiFailure.badRequest("the body is no object");
  }

  /**
   * The objects in YAML documents.
   *
   * @throws ApiFailure 400 if they can't be parsed
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
