package io.streamfleet.api.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The columns of {@code kubectl get scg}: the generator sorts them by path, people by interest. */
final class PrinterColumns {

  private static final List<String> ORDER =
      List.of(
          "READY",
          "WORKERS",
          "PENDING",
          "LAG",
          "DEAD",
          "PAUSED",
          "AGE",
          "STREAMS",
          "PLATFORMS",
          "PARTITIONS",
          "REASON");

  private PrinterColumns() {}

  static void inOrder(ArrayNode columns) {
    List<JsonNode> sorted = new ArrayList<>();
    columns.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(column -> ORDER.indexOf(column.get("name").asText())));
    for (JsonNode column : sorted) {
      if (column.path("priority").asInt() == 0) {
        ((ObjectNode) column).remove("priority");
      }
    }
    columns.removeAll().addAll(sorted);
  }
}
