package io.streamfleet.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.protobuf.BuiltinMessages;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The schemas of kinds and their parts, by name. For custom resources these are the schemas of
 * their definitions; for built-in kinds they have all fields, without descriptions.
 */
final class Schemas {

  /** The extension with the kind of a schema. */
  static final String KIND = "x-kubernetes-group-version-kind";

  private static final String REFERENCE =
      "Fields only: the embedded API server has no descriptions of the kinds that Kubernetes brings"
          + " along. They are at https://kubernetes.io/docs/reference/kubernetes-api/";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, ObjectNode> schemas = new TreeMap<>();
  private final UnaryOperator<String> reference;

  /**
   * @param reference converts the name of a schema to a reference in the document
   */
  Schemas(List<ResourceType> types, UnaryOperator<String> reference) {
    this.reference = reference;
    types.forEach(this::add);
  }

  /** All schemas, by name. */
  Map<String, ObjectNode> byName() {
    return Collections.unmodifiableMap(schemas);
  }

  private void add(ResourceType type) {
    String name = reversed(type.group()) + type.version() + "." + type.kind();
    Optional<Descriptor> message = BuiltinMessages.of(type.apiVersion(), type.kind());
    ObjectNode schema;
    if (type.schema().isPresent()) {
      schema = type.schema().get().described();
      schemas.put(name, schema);
    } else if (message.isPresent()) {
      schema = add(message.get()).put("description", REFERENCE);
    } else {
      schema = object().put("description", REFERENCE);
      schemas.put(name, schema);
    }
    describeKind(type, schema);
  }

  private void describeKind(ResourceType type, ObjectNode schema) {
    schema
        .putArray(KIND)
        .addObject()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
    ObjectNode properties = schema.withObject("/properties");
    for (String name : List.of("apiVersion", "kind")) {
      if (!properties.path(name).has("description")) {
        properties.putObject(name).put("type", "string");
      }
    }
    properties.set("metadata", refer(BuiltinMessages.metadata()));
  }

  private ObjectNode add(Descriptor message) {
    String name = nameOf(message);
    ObjectNode known = schemas.get(name);
    if (known != null) {
      return known;
    }
    ObjectNode schema = object();
    // Added before its fields, since some messages contain themselves.
    schemas.put(name, schema);
    addFields(message, schema.withObject("/properties"));
    return schema;
  }

  private void addFields(Descriptor message, ObjectNode properties) {
    for (FieldDescriptor field : message.getFields()) {
      if (BuiltinMessages.isEmbedded(field)) {
        addFields(field.getMessageType(), properties);
      } else {
        properties.set(field.getName(), field(field));
      }
    }
  }

  private ObjectNode field(FieldDescriptor field) {
    if (field.isMapField()) {
      ObjectNode map = object();
      map.set("additionalProperties", single(field.getMessageType().findFieldByName("value")));
      return map;
    }
    if (field.isRepeated()) {
      ObjectNode array = type("array");
      array.set("items", single(field));
      return array;
    }
    return single(field);
  }

  private ObjectNode single(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING, ENUM -> type("string");
      case BOOLEAN -> type("boolean");
      case INT -> type("integer").put("format", "int32");
      case LONG -> type("integer").put("format", "int64");
      case FLOAT, DOUBLE -> type("number");
      case BYTE_STRING -> type("string").put("format", "byte");
      case MESSAGE -> message(field.getMessageType());
    };
  }

  private ObjectNode message(Descriptor message) {
    return switch (message.getName()) {
      case "Time", "MicroTime" -> type("string").put("format", "date-time");
      case "Quantity" -> type("string");
      case "IntOrString" -> type("string").put("format", "int-or-string");
      case "FieldsV1", "RawExtension" -> object();
      default -> refer(message);
    };
  }

  private ObjectNode refer(Descriptor message) {
    add(message);
    return NODES.objectNode().put("$ref", reference.apply(nameOf(message)));
  }

  private static ObjectNode object() {
    return type("object");
  }

  private static ObjectNode type(String name) {
    return NODES.objectNode().put("type", name);
  }

  /** Named as in a cluster: {@code io.k8s.api.apps.v1.Deployment}. */
  private static String nameOf(Descriptor message) {
    return "io." + message.getFullName().replaceFirst("^k8s\\.io", "k8s");
  }

  private static String reversed(String group) {
    List<String> parts = Arrays.asList(group.split("\\.", -1));
    Collections.reverse(parts);
    return group.isEmpty() ? "" : String.join(".", parts) + ".";
  }

  /** The kinds of a schema. */
  static ArrayNode kindsOf(JsonNode schema) {
    return schema.get(KIND) instanceof ArrayNode kinds ? kinds : NODES.arrayNode();
  }
}
