package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamfleet.apiserver.kind.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The columns of {@code kubectl get} for each kind.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go">the
 *     same in a cluster</a>
 */
final class Columns {

  /**
   * One column.
   *
   * @param priority 0: always, else only with -o wide
   * @param cell the value for an object
   */
  record Column(
      String name, String type, int priority, BiFunction<JsonNode, Ages, JsonNode> cell) {}

  private static final Column NAME =
      new Column("Name", "string", 0, (object, ages) -> object.at("/metadata/name"));

  private static final Column AGE =
      text("Age", (object, ages) -> ages.since(object.at("/metadata/creationTimestamp").asText()));

  private Columns() {}

  static List<Column> of(ResourceType type) {
    return switch (type.qualifiedResource()) {
      case "pods" -> PodColumns.ALL;
      case "deployments.apps" -> DEPLOYMENT;
      case "replicasets.apps" -> REPLICA_SET;
      case "events", "events.events.k8s.io" -> EVENT;
      case "services" -> SERVICE;
      case "configmaps", "secrets" -> DATA;
      case "leases.coordination.k8s.io" -> LEASE;
      case "poddisruptionbudgets.policy" -> BUDGET;
      default -> type.isCustom() ? custom(type) : List.of(NAME, AGE);
    };
  }

  private static final List<Column> DEPLOYMENT =
      List.of(
          NAME,
          text("Ready", (it, ages) -> number(it, "readyReplicas") + "/" + it.at("/spec/replicas")),
          count("Up-to-date", "/status/updatedReplicas"),
          count("Available", "/status/availableReplicas"),
          AGE);

  private static final List<Column> REPLICA_SET =
      List.of(
          NAME,
          count("Desired", "/spec/replicas"),
          count("Current", "/status/replicas"),
          count("Ready", "/status/readyReplicas"),
          AGE);

  private static final List<Column> EVENT =
      List.of(
          text("Last Seen", (it, ages) -> ages.since(it.path("lastTimestamp").asText())),
          text("Type", (it, ages) -> it.path("type").asText()),
          text("Reason", (it, ages) -> it.path("reason").asText()),
          text("Object", (it, ages) -> about(it.path("involvedObject"))),
          text("Message", (it, ages) -> it.path("message").asText().strip()));

  private static final List<Column> SERVICE =
      List.of(
          NAME,
          text("Type", (it, ages) -> it.at("/spec/type").asText("ClusterIP")),
          text("Cluster-IP", (it, ages) -> it.at("/spec/clusterIP").asText("<none>")),
          text("Port(s)", (it, ages) -> ports(it.at("/spec/ports"))),
          AGE);

  private static final List<Column> DATA =
      List.of(NAME, text("Data", (it, ages) -> Integer.toString(it.path("data").size())), AGE);

  private static final List<Column> LEASE =
      List.of(NAME, text("Holder", (it, ages) -> it.at("/spec/holderIdentity").asText()), AGE);

  private static final List<Column> BUDGET =
      List.of(
          NAME,
          text("Min Available", (it, ages) -> it.at("/spec/minAvailable").asText("N/A")),
          text("Max Unavailable", (it, ages) -> it.at("/spec/maxUnavailable").asText("N/A")),
          AGE);

  private static List<Column> custom(ResourceType type) {
    List<Column> columns = new ArrayList<>();
    columns.add(NAME);
    for (ResourceType.PrinterColumn column : type.columns()) {
      columns.add(
          new Column(
              column.name(),
              column.type().equals("date") ? "string" : column.type(),
              column.priority(),
              (object, ages) -> cell(FieldText.at(object, column.jsonPath()), column, ages)));
    }
    if (type.columns().isEmpty()) {
      columns.add(AGE);
    }
    return columns;
  }

  private static JsonNode cell(JsonNode value, ResourceType.PrinterColumn column, Ages ages) {
    if (value.isMissingNode() || value.isNull()) {
      return JsonNodeFactory.instance.nullNode();
    }
    if (column.type().equals("date")) {
      return JsonNodeFactory.instance.textNode(ages.since(value.asText()));
    }
    return value.isContainerNode() ? JsonNodeFactory.instance.textNode(value.toString()) : value;
  }

  static Column text(String name, BiFunction<JsonNode, Ages, String> cell) {
    return new Column(
        name,
        "string",
        0,
        (object, ages) -> JsonNodeFactory.instance.textNode(cell.apply(object, ages)));
  }

  private static Column count(String name, String pointer) {
    return new Column(
        name,
        "integer",
        0,
        (object, ages) -> JsonNodeFactory.instance.numberNode(object.at(pointer).asInt()));
  }

  private static int number(JsonNode object, String field) {
    return object.path("status").path(field).asInt();
  }

  private static String about(JsonNode reference) {
    return reference.path("kind").asText().toLowerCase(java.util.Locale.ROOT)
        + "/"
        + reference.path("name").asText();
  }

  private static String ports(JsonNode ports) {
    List<String> texts =
        ports
            .valueStream()
            .map(port -> port.path("port").asText() + "/" + port.path("protocol").asText("TCP"))
            .toList();
    return texts.isEmpty() ? "<none>" : String.join(",", texts);
  }
}
