package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.merge.Patch;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.apiserver.request.HttpCall;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.DeleteOptions;
import io.streamfleet.apiserver.write.Deleter;
import io.streamfleet.apiserver.write.Target;
import io.streamfleet.apiserver.write.WriteOptions;
import io.streamfleet.apiserver.write.Writer;
import java.util.ArrayList;
import java.util.List;

/** Answers create, update, patch, delete and deletecollection. */
final class Writing {

  private final Store store;
  private final Writer writer;
  private final Deleter deleter;

  Writing(Store store, Writer writer, Deleter deleter) {
    this.store = store;
    this.writer = writer;
    this.deleter = deleter;
  }

  Answer create(Target target, HttpCall call) {
    List<String> warnings = new ArrayList<>();
    ObjectNode object = writer.create(target, Bodies.object(call), options(call, warnings));
    return new Answer.Document(201, presented(target, object), warnings);
  }

  Answer update(Target target, HttpCall call) {
    List<String> warnings = new ArrayList<>();
    ObjectNode object = writer.replace(target, Bodies.object(call), options(call, warnings));
    return new Answer.Document(200, presented(target, object), warnings);
  }

  Answer patch(Target target, HttpCall call) {
    List<String> warnings = new ArrayList<>();
    boolean existed = store.get(target.key()).isPresent();
    ObjectNode object = writer.patch(target, patchOf(call), options(call, warnings));
    return new Answer.Document(existed ? 200 : 201, presented(target, object), warnings);
  }

  private static ObjectNode presented(Target target, ObjectNode object) {
    return Reading.presented(target.type(), object);
  }

  static Patch patchOf(HttpCall call) {
    return switch (Bodies.mediaType(call)) {
      case Patch.OPERATIONS_TYPE -> new Patch.Operations(Bodies.patch(call));
      case Patch.MERGE_TYPE -> new Patch.Merge(Bodies.patch(call));
      case Patch.STRATEGIC_TYPE -> new Patch.Strategic(Bodies.patch(call));
      case Patch.APPLY_TYPE -> {
        if (call.parameter("fieldManager").isEmpty()) {
          throw ApiFailure.badRequest("fieldManager is required for apply patch");
        }
        yield new Patch.Apply(Bodies.applied(call), call.isSet("force"));
      }
      default ->
          throw ApiFailure.unsupportedMediaType(
              call.contentType(),
              List.of(
                  Patch.OPERATIONS_TYPE, Patch.MERGE_TYPE, Patch.STRATEGIC_TYPE, Patch.APPLY_TYPE));
    };
  }

  /** Unknown fields are refused, warned about or ignored, as the client asks. */
  static WriteOptions options(HttpCall call, List<String> warnings) {
    String validation = call.parameter("fieldValidation");
    return new WriteOptions(
        managerOf(call),
        paths -> {
          List<String> texts = paths.stream().map("unknown field \"%s\""::formatted).toList();
          if (validation.equals("Strict")) {
            throw ApiFailure.badRequest("strict decoding error: " + String.join(", ", texts));
          } else if (!validation.equals("Ignore")) {
            warnings.addAll(texts);
          }
        },
        call.parameter("dryRun").equals("All"));
  }

  /** The default field manager is the client program. */
  private static String managerOf(HttpCall call) {
    String manager = call.parameter("fieldManager");
    return manager.isEmpty() ? call.userAgent().replaceAll("/.*", "") : manager;
  }

  Answer delete(Target target, HttpCall call) {
    ObjectNode object = deleter.delete(target, deleteOptions(call));
    if (store.get(target.key()).isPresent() || target.type().resource().equals("pods")) {
      return Answer.ok(presented(target, object));
    }
    return Answer.ok(success(target.type(), object));
  }

  Answer deleteCollection(ResourceType type, ApiRequest request, HttpCall call) {
    DeleteOptions options = deleteOptions(call);
    for (ObjectNode object : store.list(Reading.selection(type, request, call)).items()) {
      JsonNode metadata = object.path("metadata");
      deleter.delete(
          Target.of(type, metadata.path("namespace").asText(), metadata.path("name").asText()),
          options);
    }
    return Answer.ok(success(type, JsonNodeFactory.instance.objectNode()));
  }

  private static DeleteOptions deleteOptions(HttpCall call) {
    ObjectNode body =
        call.body().length() == 0 ? JsonNodeFactory.instance.objectNode() : Bodies.object(call);
    for (String name : List.of("propagationPolicy", "gracePeriodSeconds")) {
      String value = call.parameter(name);
      if (!value.isEmpty() && !body.has(name)) {
        body.set(
            name,
            name.startsWith("grace")
                ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
                : JsonNodeFactory.instance.textNode(value));
      }
    }
    return DeleteOptions.of(body);
  }

  private static ObjectNode success(ResourceType type, ObjectNode object) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    status.putObject("metadata");
    status
        .putObject("details")
        .put("name", object.path("metadata").path("name").asText())
        .put("group", type.group())
        .put("kind", type.resource())
        .put("uid", object.path("metadata").path("uid").asText());
    return status;
  }
}
