package io.streamfleet.apiserver.protobuf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.streamfleet.apiserver.failure.ApiFailure;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Converts an object from protobuf to JSON. Newer versions of {@code kubectl} send protobuf for
 * {@code kubectl create}, and don't retry with JSON when it is refused.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding">Kubernetes
 *     on its protobuf encoding</a>
 */
public final class ProtobufBody {

  public static final String TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ProtobufBody() {}

  /**
   * Parses the object.
   *
   * @throws ApiFailure 400 if it is invalid, or has an unknown kind or field: nothing is dropped
   *     silently
   */
  public static ObjectNode read(byte[] body) {
    if (body.length < MAGIC.length || !Arrays.equals(MAGIC, Arrays.copyOf(body, MAGIC.length))) {
      throw ApiFailure.badRequest(
          "the body is no protobuf of Kubernetes: it lacks its first bytes");
    }
    try {
      Unknown envelope =
          Unknown.parseFrom(ByteString.copyFrom(body, MAGIC.length, body.length - MAGIC.length));
      String apiVersion = envelope.getTypeMeta().getApiVersion();
      String kind = envelope.getTypeMeta().getKind();
      Descriptor descriptor =
          BuiltinMessages.of(apiVersion, kind)
              .orElseThrow(
                  () ->
                      ApiFailure.badRequest(
                          "%s of %s can't be read as protobuf here; send JSON"
                              .formatted(kind, apiVersion)));
      ObjectNode object = NODES.objectNode().put("apiVersion", apiVersion).put("kind", kind);
      fields(DynamicMessage.parseFrom(descriptor, envelope.getRaw()), object);
      return object;
    } catch (InvalidProtocolBufferException e) {
      throw ApiFailure.badRequest("the body cannot be parsed: " + e.getMessage());
    }
  }

  private static void fields(Message message, ObjectNode object) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw ApiFailure.badRequest(
          "fields %s of %s are not known here; send JSON"
              .formatted(
                  message.getUnknownFields().asMap().keySet(),
                  message.getDescriptorForType().getName()));
    }
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (BuiltinMessages.isEmbedded(field)) {
                fields((Message) value, object);
              } else if (!isLeftOut(field, value)) {
                object.set(field.getName(), field(field, value));
              }
            });
  }

  /**
   * Go also writes unset strings and times, which JSON leaves out. Zero and false are kept, because
   * some of them mean something, such as {@code replicas: 0}.
   */
  private static boolean isLeftOut(FieldDescriptor field, Object value) {
    if (field.isRepeated()) {
      return false;
    }
    return switch (field.getJavaType()) {
      case STRING -> ((String) value).isEmpty();
      case MESSAGE -> isTime(field.getMessageType()) && ((Message) value).getAllFields().isEmpty();
      case INT, LONG ->
          // Set by the server, never by clients.
          field.getName().equals("generation") && ((Number) value).longValue() == 0;
      default -> false;
    };
  }

  private static JsonNode field(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      ObjectNode map = NODES.objectNode();
      FieldDescriptor key = field.getMessageType().findFieldByName("key");
      FieldDescriptor content = field.getMessageType().findFieldByName("value");
      for (Object each : (List<?>) value) {
        Message entry = (Message) each;
        map.set((String) entry.getField(key), single(content, entry.getField(content)));
      }
      return map;
    }
    if (field.isRepeated()) {
      ArrayNode array = NODES.arrayNode();
      ((List<?>) value).forEach(each -> array.add(single(field, each)));
      return array;
    }
    return single(field, value);
  }

  private static JsonNode single(FieldDescriptor field, Object value) {
    return switch (field.getJavaType()) {
      case STRING -> NODES.textNode((String) value);
      case BOOLEAN -> NODES.booleanNode((Boolean) value);
      case INT, LONG -> NODES.numberNode(((Number) value).longValue());
      case FLOAT, DOUBLE -> NODES.numberNode(((Number) value).doubleValue());
      case BYTE_STRING -> NODES.binaryNode(((ByteString) value).toByteArray());
      case ENUM -> NODES.textNode(value.toString());
      case MESSAGE -> message((Message) value);
    };
  }

  /** Some messages are not objects in JSON. */
  private static JsonNode message(Message message) {
    Descriptor type = message.getDescriptorForType();
    return switch (type.getName()) {
      case "Time", "MicroTime", "Timestamp" -> time(message);
      case "Quantity" -> NODES.textNode((String) value(message, "string"));
      case "IntOrString" ->
          (Long) value(message, "type") == 0
              ? NODES.numberNode(((Number) value(message, "intVal")).longValue())
              : NODES.textNode((String) value(message, "strVal"));
      case "FieldsV1" -> document((ByteString) value(message, "Raw"));
      case "RawExtension" -> document((ByteString) value(message, "raw"));
      case "ExtraValue", "Verbs" -> field(type.findFieldByName("items"), value(message, "items"));
      default -> {
        ObjectNode object = NODES.objectNode();
        fields(message, object);
        yield object;
      }
    };
  }

  private static boolean isTime(Descriptor type) {
    return type.getName().equals("Time") || type.getName().equals("MicroTime");
  }

  private static JsonNode time(Message time) {
    long seconds = (Long) value(time, "seconds");
    return NODES.textNode(
        Instant.ofEpochSecond(seconds, (Integer) value(time, "nanos")).toString());
  }

  private static JsonNode document(ByteString bytes) {
    try {
      return bytes.isEmpty() ? NullNode.instance : JSON.readTree(bytes.toStringUtf8());
    } catch (JsonProcessingException e) {
      throw ApiFailure.badRequest("a part of the body is no JSON: " + e.getOriginalMessage());
    }
  }

  private static Object value(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }
}
