package io.streamfleet.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Encodes a version 2 document as protobuf, the only format in which {@code kubectl} reads it.
 * Leaves out what kubectl explain does not use (limits, patterns, defaults).
 *
 * @see <a href="https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto">the
 *     messages and their field numbers</a>
 */
public final class OpenApiProtobuf {

  /** The common prefix of its content types; the suffix depends on the version of Kubernetes. */
  public static final String TYPE = "application/com.github.proto-openapi.spec.v2";

  /**
   * The content type of the response, since the one that old versions request is not valid in Go.
   */
  public static final String ANSWERED = TYPE + ".v1.0+protobuf";

  private static final int DOCUMENT_SWAGGER = 1;
  private static final int DOCUMENT_INFO = 2;
  private static final int DOCUMENT_PATHS = 8;
  private static final int DOCUMENT_DEFINITIONS = 9;
  private static final int INFO_TITLE = 1;
  private static final int INFO_VERSION = 2;
  private static final int SCHEMA_REF = 1;
  private static final int SCHEMA_FORMAT = 2;
  private static final int SCHEMA_DESCRIPTION = 4;
  private static final int SCHEMA_REQUIRED = 19;
  private static final int SCHEMA_ADDITIONAL_PROPERTIES = 21;
  private static final int SCHEMA_TYPE = 22;
  private static final int SCHEMA_ITEMS = 23;
  private static final int SCHEMA_PROPERTIES = 25;
  private static final int SCHEMA_EXTENSION = 31;
  private static final int ANY_YAML = 2;

  /** For messages of a name and a value, or with a single field. */
  private static final int FIRST = 1;

  private static final int SECOND = 2;

  private OpenApiProtobuf() {}

  /** Encodes the document. */
  public static byte[] of(ObjectNode document) {
    return message(
        out -> {
          out.writeString(DOCUMENT_SWAGGER, document.path("swagger").asText());
          JsonNode info = document.path("info");
          put(
              out,
              DOCUMENT_INFO,
              it -> {
                it.writeString(INFO_TITLE, info.path("title").asText());
                it.writeString(INFO_VERSION, info.path("version").asText());
              });
          put(out, DOCUMENT_PATHS, it -> {});
          put(out, DOCUMENT_DEFINITIONS, it -> named(it, document.path("definitions")));
        });
  }

  /** Schemas with their names. */
  private static void named(CodedOutputStream out, JsonNode schemas) throws IOException {
    for (var entry : schemas.properties()) {
      put(
          out,
          FIRST,
          it -> {
            it.writeString(FIRST, entry.getKey());
            put(it, SECOND, value -> schema(value, entry.getValue()));
          });
    }
  }

  private static void schema(CodedOutputStream out, JsonNode schema) throws IOException {
    text(out, SCHEMA_REF, schema.path("$ref"));
    text(out, SCHEMA_FORMAT, schema.path("format"));
    text(out, SCHEMA_DESCRIPTION, schema.path("description"));
    for (JsonNode name : schema.path("required")) {
      text(out, SCHEMA_REQUIRED, name);
    }
    JsonNode more = schema.path("additionalProperties");
    if (more.isObject()) {
      put(out, SCHEMA_ADDITIONAL_PROPERTIES, it -> put(it, FIRST, each -> schema(each, more)));
    }
    if (schema.has("type")) {
      put(out, SCHEMA_TYPE, it -> text(it, FIRST, schema.path("type")));
    }
    if (schema.has("items")) {
      put(out, SCHEMA_ITEMS, it -> put(it, FIRST, each -> schema(each, schema.path("items"))));
    }
    if (schema.has("properties")) {
      put(out, SCHEMA_PROPERTIES, it -> named(it, schema.path("properties")));
    }
    if (schema.has(Schemas.KIND)) {
      put(
          out,
          SCHEMA_EXTENSION,
          it -> {
            it.writeString(FIRST, Schemas.KIND);
            // JSON is valid YAML.
            put(
                it,
                SECOND,
                value -> value.writeString(ANY_YAML, Schemas.kindsOf(schema).toString()));
          });
    }
  }

  private static void text(CodedOutputStream out, int field, JsonNode text) throws IOException {
    if (text.isTextual()) {
      out.writeString(field, text.asText());
    }
  }

  private static void put(CodedOutputStream out, int field, Content content) throws IOException {
    out.writeByteArray(field, message(content));
  }

  private static byte[] message(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      content.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory gave no room for a document", e);
    }
    return bytes.toByteArray();
  }

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Content {

    void writeTo(CodedOutputStream out) throws IOException;
  }
}
