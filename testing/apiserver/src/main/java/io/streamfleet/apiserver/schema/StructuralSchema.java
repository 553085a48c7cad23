package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.cel.Rule;
import io.streamfleet.api.schema.Defaults;
import io.streamfleet.api.schema.Findings;
import io.streamfleet.api.schema.Problem;
import io.streamfleet.api.schema.Pruning;
import io.streamfleet.api.schema.Schema;
import io.streamfleet.api.schema.Validation;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of a custom resource, without metadata.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">Kubernetes
 *     on structural schemas</a>
 */
public final class StructuralSchema {

  private static final String RULES = "x-kubernetes-validations";

  private static final List<String> EVERY_OBJECTS = List.of("apiVersion", "kind", "metadata");

  private final ObjectNode described;
  private final Schema schema;

  private StructuralSchema(ObjectNode described, Schema schema) {
    this.described = described;
    this.schema = schema;
  }

  /** Reads {@code openAPIV3Schema}. */
  public static StructuralSchema of(JsonNode openApi) {
    ObjectNode described =
        openApi instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    ObjectNode root = described.deepCopy();
    root.put("type", "object");
    ObjectNode anything = JsonNodeFactory.instance.objectNode();
    anything.put("x-kubernetes-preserve-unknown-fields", true);
    EVERY_OBJECTS.forEach(name -> root.withObject("/properties").set(name, anything));
    root.findParents(RULES).forEach(it -> leaveOutUnknownRules((ArrayNode) it.path(RULES)));
    return new StructuralSchema(described, Schema.of(root));
  }

  /** A rule that can't be evaluated here, such as one with the old value, is ignored. */
  private static void leaveOutUnknownRules(ArrayNode rules) {
    rules.removeIf(rule -> !isKnown(rule.path("rule").asText()));
  }

  private static boolean isKnown(String rule) {
    if (rule.contains("oldSelf")) {
      return false;
    }
    try {
      return Rule.parse(rule) != null;
    } catch (IllegalArgumentException beyondIt) {
      return false;
    }
  }

  /** The schema as its author wrote it; a copy. */
  public ObjectNode described() {
    return described.deepCopy();
  }

  /**
   * Removes unknown fields of an object.
   *
   * @return their paths
   */
  public List<String> prune(ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    become(object, Pruning.applied(schema, object, "", unknown::add));
    return unknown;
  }

  /** Sets missing fields that have a default. */
  public void setDefaults(ObjectNode object) {
    become(object, Defaults.applied(schema, object));
  }

  private static void become(ObjectNode object, JsonNode other) {
    ObjectNode fields = ((ObjectNode) other).deepCopy();
    object.removeAll();
    object.setAll(fields);
  }

  /**
   * What is wrong with an object that has its defaults. As in a cluster, rules are only evaluated
   * if the structure is valid.
   */
  public List<Cause> validate(ObjectNode object) {
    List<Cause> structure = new ArrayList<>();
    List<Cause> rules = new ArrayList<>();
    new Validation(
            new Findings() {
              @Override
              public void add(String path, Problem problem) {
                (problem instanceof Problem.BrokenRule ? rules : structure)
                    .add(ClusterWords.of(path, problem));
              }

              @Override
              public String entry(String map, String key) {
                return map + "." + key;
              }
            })
        .check(schema, object, "");
    return List.copyOf(structure.isEmpty() ? rules : structure);
  }
}
