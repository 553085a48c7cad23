package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/**
 * How to delete.
 *
 * @param gracePeriodSeconds how long a pod has to end; as the pod says if not set
 * @param propagation what becomes of what the object owns: {@code Background}, {@code Foreground}
 *     or {@code Orphan}
 * @param uid which object is meant; empty for whichever has the name
 * @param resourceVersion which version of it; empty for any
 */
public record DeleteOptions(
    OptionalLong gracePeriodSeconds, String propagation, String uid, String resourceVersion) {

  /** Deletes, and what the object owns after it. */
  public static DeleteOptions background() {
    return new DeleteOptions(OptionalLong.empty(), "Background", "", "");
  }

  /** Deletes at once, without waiting for whoever runs it. */
  public static DeleteOptions now() {
    return new DeleteOptions(OptionalLong.of(0), "Background", "", "");
  }

  /** Reads the body of a request; what it leaves open is as {@link #background}. */
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
