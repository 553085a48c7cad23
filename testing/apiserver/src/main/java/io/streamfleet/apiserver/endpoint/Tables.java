package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.request.HttpCall;
import java.time.Clock;
import java.util.List;

/**
 * Formats objects as table rows, for clients that ask for them, such as {@code kubectl get}.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables">Kubernetes
 *     on tables</a>
 */
final class Tables {

  private final Ages ages;

  Tables(Clock clock) {
    this.ages = new Ages(clock);
  }

  static boolean areWanted(HttpCall call) {
    return call.accept().replace(" ", "").contains("as=Table;v=v1;");
  }

  /**
   * A table.
   *
   * @param metadata of the list
   */
  ObjectNode of(ResourceType type, List<ObjectNode> objects, ObjectNode metadata, HttpCall call) {
    List<Columns.Column> columns = Columns.of(type);
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Columns.Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", "")
          .put("priority", column.priority());
    }
    ArrayNode rows = table.putArray("rows");
    objects.forEach(object -> row(rows.addObject(), object, columns, call));
    return table;
  }

  private void row(ObjectNode row, ObjectNode object, List<Columns.Column> columns, HttpCall call) {
    ArrayNode cells = row.putArray("cells");
    columns.forEach(column -> cells.add(column.cell().apply(object, ages)));
    switch (call.parameter("includeObject")) {
      case "None" -> {
        // Only the cells.
      }
      case "Object" -> row.set("object", object);
      default -> {
        ObjectNode part = row.putObject("object");
        part.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        part.set("metadata", object.path("metadata"));
      }
    }
  }

  /** A table of one object, such as that of a watch event. */
  ObjectNode of(ResourceType type, ObjectNode object, HttpCall call) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.set("resourceVersion", object.path("metadata").path("resourceVersion"));
    return of(type, List.of(object), metadata, call);
  }
}
