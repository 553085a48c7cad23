package io.streamfleet.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How the parts of a value merge and are owned. A value that does not match its shape, such as a
 * scalar, is atomic.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy">Kubernetes
 *     on merge strategies</a>
 */
public sealed interface Shape {

  /** Replaced and owned as a whole. */
  record Atomic() implements Shape {}

  /**
   * An object whose fields merge one by one.
   *
   * @param fields the shape of a field by its name
   */
  record Granular(Function<String, Shape> fields) implements Shape {}

  /**
   * A list whose elements are identified by some of their fields.
   *
   * @param keys the names of these fields
   * @param keyDefaults the default values of keys
   */
  record Keyed(List<String> keys, Map<String, JsonNode> keyDefaults, Shape element)
      implements Shape {}

  /** A list of distinct scalars. */
  record Distinct() implements Shape {}
}
