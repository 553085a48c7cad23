package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.apiserver.endpoint.Columns.Column;
import java.util.List;

/** The columns of pods, whose status is computed from several fields. */
final class PodColumns {

  static final List<Column> ALL =
      List.of(
          new Column("Name", "string", 0, (pod, ages) -> pod.at("/metadata/name")),
          Columns.text("Ready", (pod, ages) -> ready(pod)),
          Columns.text("Status", (pod, ages) -> status(pod)),
          Columns.text("Restarts", PodColumns::restarts),
          Columns.text(
              "Age", (pod, ages) -> ages.since(pod.at("/metadata/creationTimestamp").asText())),
          wide("IP", "/status/podIP"),
          wide("Node", "/spec/nodeName"));

  private PodColumns() {}

  private static Column wide(String name, String pointer) {
    Column text = Columns.text(name, (pod, ages) -> pod.at(pointer).asText("<none>"));
    return new Column(name, "string", 1, text.cell());
  }

  private static String ready(JsonNode pod) {
    long ready = containers(pod).valueStream().filter(it -> it.path("ready").asBoolean()).count();
    return ready + "/" + pod.at("/spec/containers").size();
  }

  private static String status(JsonNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    for (JsonNode container : containers(pod)) {
      for (String state : List.of("waiting", "terminated")) {
        String reason = container.path("state").path(state).path("reason").asText();
        if (!reason.isEmpty()) {
          return reason;
        }
      }
    }
    return pod.at("/status/phase").asText("Pending");
  }

  private static String restarts(JsonNode pod, Ages ages) {
    int restarts =
        containers(pod).valueStream().mapToInt(it -> it.path("restartCount").asInt()).sum();
    String last =
        containers(pod)
            .valueStream()
            .map(it -> it.at("/lastState/terminated/finishedAt").asText())
            .max(String::compareTo)
            .orElse("");
    return restarts == 0 || last.isEmpty()
        ? Integer.toString(restarts)
        : "%d (%s ago)".formatted(restarts, ages.since(last));
  }

  private static JsonNode containers(JsonNode pod) {
    return pod.at("/status/containerStatuses");
  }
}
