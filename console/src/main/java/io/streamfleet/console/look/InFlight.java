package io.streamfleet.console.look;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.observe.ObservedFleet;
import io.streamfleet.console.observe.WorkerPort;
import io.streamfleet.console.shared.Shared;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What handlers have been at for longest: the command {@code inflight}, of all workers. */
public final class InFlight {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Seconds are shown. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  /** Fleets that somebody looks at. */
  private static final int FLEETS = 20;

  /** Rows that fit on a page. */
  private static final int MOST = 50;

  private final Shared<FleetKey, ObjectNode> answers = new Shared<>(FRESH, FLEETS);
  private final WorkerPort port;

  public InFlight(WorkerPort port) {
    this.port = port;
  }

  /** The entries in flight, the longest first. */
  public ObjectNode json(ObservedFleet fleet) {
    return answers.get(fleet.resource().key(), () -> ask(fleet.workers().addresses()));
  }

  private ObjectNode ask(List<URI> workers) {
    List<ObjectNode> rows = new ArrayList<>();
    long all = 0;
    int silent = 0;
    for (URI worker : workers) {
      JsonNode told = port.page(worker, "/inflight").map(InFlight::tree).orElse(null);
      if (told == null) {
        silent++;
        continue;
      }
      for (JsonNode stream : told.path("streams")) {
        all += stream.path("in_flight").asLong();
        for (JsonNode entry : stream.path("entries")) {
          if (entry instanceof ObjectNode row) {
            row.put("stream", stream.path("stream").asText());
            row.put("consumer", stream.path("consumer").asText());
            rows.add(row);
          }
        }
      }
    }
    rows.sort(
        Comparator.comparingLong((ObjectNode row) -> row.path("handled_ms").asLong(-1))
            .thenComparingLong(row -> row.path("in_flight_ms").asLong())
            .reversed());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("in_flight", all);
    json.put("workers", workers.size());
    json.put("silent_workers", silent);
    json.putArray("entries").addAll(rows.stream().limit(MOST).toList());
    return json;
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }
}
