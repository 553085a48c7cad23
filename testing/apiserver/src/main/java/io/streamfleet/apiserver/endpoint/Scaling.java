package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ScalePaths;
import io.streamfleet.apiserver.merge.MergePatch;
import io.streamfleet.apiserver.merge.Patch;
import io.streamfleet.apiserver.request.HttpCall;
import io.streamfleet.apiserver.store.LabelSelector;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.Target;
import io.streamfleet.apiserver.write.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers requests for the {@code scale} subresource: an {@code autoscaling/v1} Scale of any kind.
 */
final class Scaling {

  private final Store store;
  private final Writer writer;

  Scaling(Store store, Writer writer) {
    this.store = store;
    this.writer = writer;
  }

  Answer get(Target target) {
    return Answer.ok(scale(target, live(target)));
  }

  Answer update(Target target, HttpCall call) {
    return store.exclusively(() -> write(target, Bodies.object(call), call));
  }

  Answer patch(Target target, HttpCall call) {
    return store.exclusively(
        () -> {
          ObjectNode scale = scale(target, live(target));
          JsonNode next =
              switch (Writing.patchOf(call)) {
                case Patch.Operations(var operations) ->
                    io.fabric8.zjsonpatch.JsonPatch.apply(operations, scale);
                case Patch.Merge(var merge) -> MergePatch.apply(scale, merge);
                case Patch.Strategic(var merge) -> MergePatch.apply(scale, merge);
                case Patch.Apply(var config, _) -> MergePatch.apply(scale, config);
              };
          return write(target, next, call);
        });
  }

  /** Only the number of replicas is read from a Scale. */
  private Answer write(Target target, JsonNode scale, HttpCall call) {
    JsonNode replicas = scale.path("spec").path("replicas");
    if (!replicas.isMissingNode() && (!replicas.canConvertToInt() || replicas.asInt() < 0)) {
      throw ApiFailure.badRequest("spec.replicas must be a number that is not below 0");
    }
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    put(change, paths(target).specReplicas(), replicas.asInt());
    String version = scale.path("metadata").path("resourceVersion").asText();
    if (!version.isEmpty()) {
      change.withObject("/metadata").put("resourceVersion", version);
    }
    List<String> warnings = new ArrayList<>();
    ObjectNode object =
        writer.patch(target, new Patch.Merge(change), Writing.options(call, warnings));
    return new Answer.Document(200, scale(target, object), warnings);
  }

  private static void put(ObjectNode object, List<String> path, int value) {
    ObjectNode place = object;
    for (String name : path.subList(0, path.size() - 1)) {
      place = place.withObject("/" + name);
    }
    place.put(path.getLast(), value);
  }

  private ObjectNode live(Target target) {
    return store
        .get(target.key())
        .orElseThrow(() -> ApiFailure.notFound(target.type().qualifiedResource(), target.name()));
  }

  private static ScalePaths paths(Target target) {
    return target.type().scale().orElseThrow(ApiFailure::noSuchPath);
  }

  private static ObjectNode scale(Target target, ObjectNode object) {
    ScalePaths paths = paths(target);
    ObjectNode scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      metadata.set(field, object.path("metadata").path(field));
    }
    scale.putObject("spec").put("replicas", at(object, paths.specReplicas()).asInt());
    ObjectNode status = scale.putObject("status");
    status.put("replicas", at(object, paths.statusReplicas()).asInt());
    paths
        .selector()
        .map(path -> at(object, path))
        .map(selector -> selector.isObject() ? LabelSelector.text(selector) : selector.asText())
        .filter(selector -> !selector.isEmpty())
        .ifPresent(selector -> status.put("selector", selector));
    return scale;
  }

  private static JsonNode at(JsonNode object, List<String> path) {
    JsonNode place = object;
    for (String name : path) {
      place = place.path(name);
    }
    return place;
  }
}
