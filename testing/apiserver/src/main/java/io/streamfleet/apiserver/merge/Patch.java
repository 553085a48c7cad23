package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import java.util.List;

/** A change of an object, in one of four forms. */
public sealed interface Patch {

  /** The content types that select the form. */
  String OPERATIONS_TYPE = "application/json-patch+json";

  String MERGE_TYPE = "application/merge-patch+json";
  String STRATEGIC_TYPE = "application/strategic-merge-patch+json";
  String APPLY_TYPE = "application/apply-patch+yaml";

  /** A JSON patch (RFC 6902). */
  record Operations(JsonNode operations) implements Patch {}

  /** A JSON merge patch. */
  record Merge(JsonNode patch) implements Patch {}

  /** A strategic merge patch. */
  record Strategic(JsonNode patch) implements Patch {}

  /**
   * Server-side apply.
   *
   * @param force whether to take over fields from others
   */
  record Apply(ObjectNode config, boolean force) implements Patch {}

  /**
   * The object after a patch other than apply.
   *
   * @throws ApiFailure if the patch does not fit the object, or the result is not an object
   */
  static ObjectNode patched(ResourceType type, ObjectNode object, Patch patch) {
    JsonNode result =
        switch (patch) {
          case Operations(var operations) -> operated(object, operations);
          case Merge(var merge) -> MergePatch.apply(object, merge);
          case Strategic(var strategic) -> {
            if (type.isCustom()) {
              throw ApiFailure.unsupportedMediaType(
                  STRATEGIC_TYPE, List.of(OPERATIONS_TYPE, MERGE_TYPE, APPLY_TYPE));
            }
            yield StrategicMergePatch.apply(type.shape(), object, strategic);
          }
          case Apply(var config, _) -> config;
        };
    if (result instanceof ObjectNode next) {
      return next;
    }
    throw ApiFailure.badRequest("the patch makes no object of it");
  }

  private static JsonNode operated(ObjectNode object, JsonNode operations) {
    try {
      return JsonPatch.apply(operations, object);
    } catch (JsonPatchException e) {
      throw new ApiFailure(
          422,
          "Invalid",
          "the server rejected our request due to an error in our request: " + e.getMessage());
    }
  }
}
