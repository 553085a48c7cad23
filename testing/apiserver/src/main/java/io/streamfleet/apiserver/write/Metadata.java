package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import java.util.List;
import java.util.UUID;

/** Handles the metadata that the server owns. */
final class Metadata {

  /** Fields that a write never changes. */
  private static final List<String> SERVER_FIELDS =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "resourceVersion");

  private Metadata() {}

  /** Sets kind, name and namespace, and refuses an object with others. */
  static void identify(Target target, ObjectNode object) {
    ResourceType type = target.type();
    expect(object, "apiVersion", type.apiVersion());
    expect(object, "kind", type.kind());
    ObjectNode metadata = object.withObject("/metadata");
    expect(metadata, "name", target.name());
    if (type.namespaced()) {
      expect(metadata, "namespace", target.namespace());
    } else {
      metadata.remove("namespace");
    }
  }

  private static void expect(ObjectNode object, String field, String value) {
    String found = object.path(field).asText(value);
    if (!found.isEmpty() && !found.equals(value) && !value.isEmpty()) {
      throw ApiFailure.badRequest(
          "the %s of the object (%s) does not match the %s on the URL (%s)"
              .formatted(field, found, field, value));
    }
    object.put(field, value);
  }

  static void initialize(ResourceType type, ObjectNode object, String now) {
    ObjectNode metadata = object.withObject("/metadata");
    metadata.remove(
        List.of(
            "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"));
    metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now);
    if (type.hasGeneration()) {
      metadata.put("generation", 1);
    }
  }

  /** Checks the resourceVersion and uid of a write. */
  static void expectSame(Target target, JsonNode live, JsonNode next) {
    JsonNode metadata = live.path("metadata");
    String version = next.path("metadata").path("resourceVersion").asText();
    if (!version.isEmpty()
        && !version.equals("0")
        && !version.equals(metadata.path("resourceVersion").asText())) {
      throw ApiFailure.conflict(
          target.type().qualifiedResource(),
          target.name(),
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
    String uid = next.path("metadata").path("uid").asText();
    if (!uid.isEmpty() && !uid.equals(metadata.path("uid").asText())) {
      throw ApiFailure.conflict(
          target.type().qualifiedResource(),
          target.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, metadata.path("uid").asText()));
    }
  }

  static void keep(JsonNode live, ObjectNode next) {
    ObjectNode metadata = next.withObject("/metadata");
    for (String field : SERVER_FIELDS) {
      JsonNode value = live.path("metadata").get(field);
      if (value == null) {
        metadata.remove(field);
      } else {
        metadata.set(field, value);
      }
    }
  }

  static boolean isDeleted(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  /** Whether it is deleted and nothing keeps it any more. */
  static boolean isGone(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return isDeleted(object)
        && metadata.path("finalizers").isEmpty()
        && metadata.path("deletionGracePeriodSeconds").asLong() == 0;
  }
}
