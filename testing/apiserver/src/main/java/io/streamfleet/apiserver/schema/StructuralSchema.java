package io.streamfleet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.List;

/**
 * What a custom resource looks like. Metadata is no matter of it.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">Kubernetes
 *     on structural schemas</a>
 */
public final class StructuralSchema {

  private static final List<String> EVERY_OBJECTS = List.of("apiVersion", "kind", "metadata");

  private final ObjectNode described;
  private final JsonNode schema;

  private StructuralSchema(ObjectNode described, JsonNode schema) {
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
    ObjectNode anything = JsonNodeFactory.instance.objectNode();
    anything.put("x-kubernetes-preserve-unknown-fields", true);
    EVERY_OBJECTS.forEach(name -> root.withObject("/properties").set(name, anything));
    return new StructuralSchema(described, root);
  }

  /** As its author wrote it, for whoever wants to read it; a copy. */
  public ObjectNode described() {
    return described.deepCopy();
  }

  /**
   * Removes the fields of an object that the schema does not know.
   *
   * @return their paths
   */
  public List<String> prune(ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    Pruning.prune(schema, object, "", unknown);
    return unknown;
  }

  /** Sets the fields of an object that are not set and have a default. */
  public void setDefaults(ObjectNode object) {
    Defaulting.setDefaults(schema, object);
  }

  /** What is wrong with an object that has its defaults. */
  public List<Cause> validate(ObjectNode object) {
    Checking checking = new Checking();
    checking.check(schema, object, "");
    return checking.causes();
  }
}
