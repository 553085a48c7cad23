package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/**
 * Options of a deletion.
 *
 * @param gracePeriodSeconds of a pod; its own if empty
 * @param propagation what happens to dependents: {@code Background}, {@code Foreground} or {@code
 *     Orphan}
 * @param uid precondition; empty for any
 * @param resourceVersion precondition; empty for any
 */
public record DeleteOptions(
    OptionalLong gracePeriodSeconds, String propagation, String uid, String resourceVersion) {

  /** Deletes the object, and its dependents afterwards. */
  public static DeleteOptions background() {
    return new DeleteOptions(OptionalLong.empty(), "Background", "", "");
  }

  /** Deletes at once, without a grace period. */
  public static DeleteOptions now() {
    return new DeleteOptions(OptionalLong.of(0), "Background", "", "");
  }

  /** Reads the body of a request; the default is {@link #background}. */
  public static DeleteOptions of(JsonNode body) {
    JsonNode grace = body.path("gracePeriodSeconds");
    JsonNode preconditions = body.path("preconditions");
    String propagation = body.path("propagationPolicy").asText("Background");
    return new DeleteOptions(
        grace.isNumber() ? OptionalLong.of(grace.longValue()) : OptionalLong.empty(),
        body.path("orphanDependents").asBoolean() ? "Orphan" : propagation,
        preconditions.path("uid").asText(),
        preconditions.path("resourceVersion").asText());
  }
}
