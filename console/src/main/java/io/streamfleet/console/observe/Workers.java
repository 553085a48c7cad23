package io.streamfleet.console.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.port.Metrics;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * The workers of a fleet at one moment, with what they did since the moment before.
 *
 * @param rate entries that were acknowledged in a second; empty at the first look
 */
public record Workers(
    List<Worker> all, OptionalDouble rate, OptionalDouble p50, OptionalDouble p99, long nanos) {

  private static final String ACKED = "streamfleet_entries_acked_total";
  private static final String HANDLER = "streamfleet_handler_seconds_bucket";

  /** What is read of a worker's metrics. */
  static final Set<String> WANTED =
      Set.of(
          ACKED,
          HANDLER,
          "streamfleet_in_flight",
          "streamfleet_in_flight_limit",
          "streamfleet_parked",
          "streamfleet_parked_retries",
          "streamfleet_limited",
          "streamfleet_handler_longest_running_seconds",
          "streamfleet_draining",
          "streamfleet_breaker_open",
          "streamfleet_breaker_opened_total",
          "streamfleet_settings_info",
          "streamfleet_settings_refused",
          "streamfleet_trial");

  /** Nobody looked yet. */
  static final Workers NONE =
      new Workers(
          List.of(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), 0);

  /**
   * A pod, and what its worker says.
   *
   * @param metrics empty if it did not answer
   */
  public record Worker(JsonNode pod, Optional<URI> address, Optional<Metrics> metrics) {

    public String name() {
      return pod.path("metadata").path("name").asText();
    }

    ObjectNode json() {
      JsonNode status = pod.path("status");
      boolean ready = !status.path("containerStatuses").isEmpty();
      int restarts = 0;
      String waits = "";
      for (JsonNode container : status.path("containerStatuses")) {
        ready &= container.path("ready").asBoolean();
        restarts += container.path("restartCount").asInt();
        waits = container.path("state").path("waiting").path("reason").asText(waits);
      }
      boolean ends = !pod.path("metadata").path("deletionTimestamp").isMissingNode();
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("pod", name());
      json.put(
          "state",
          ends
              ? "ending"
              : ready ? "ready" : waits.isEmpty() ? status.path("phase").asText("?") : waits);
      json.put("restarts", restarts);
      json.put("since", status.path("startTime").asText(null));
      json.put("node", pod.path("spec").path("nodeName").asText(null));
      json.put("answers", metrics.isPresent());
      metrics.ifPresent(it -> told(json, it));
      return json;
    }

    private static void told(ObjectNode json, Metrics metrics) {
      json.put("in_flight", metrics.sum("streamfleet_in_flight"));
      json.put("in_flight_limit", metrics.sum("streamfleet_in_flight_limit"));
      json.put("parked", metrics.sum("streamfleet_parked"));
      json.put("retries", metrics.sum("streamfleet_parked_retries"));
      json.put("limited", metrics.sum("streamfleet_limited"));
      json.put(
          "longest_running_seconds", metrics.max("streamfleet_handler_longest_running_seconds"));
      json.put("draining", metrics.max("streamfleet_draining") > 0);
      json.put("trial", metrics.max("streamfleet_trial") > 0);
      json.put("settings_refused", metrics.max("streamfleet_settings_refused") > 0);
      json.put(
          "settings",
          metrics.all("streamfleet_settings_info").stream()
              .filter(it -> it.value() > 0)
              .map(it -> it.label("version"))
              .findFirst()
              .orElse(null));
    }
  }

  /** The same workers now, compared with before. */
  static Workers after(Workers before, List<Worker> now, long nanos) {
    Map<String, Metrics> known = new HashMap<>();
    before.all().forEach(it -> it.metrics().ifPresent(was -> known.put(it.name(), was)));
    Buckets buckets = new Buckets();
    double acked = 0;
    boolean any = false;
    for (Worker worker : now) {
      Metrics was = known.get(worker.name());
      Metrics is = worker.metrics().orElse(Metrics.NONE);
      if (was == null || worker.metrics().isEmpty()) {
        continue;
      }
      any = true;
      double more = is.sum(ACKED) - was.sum(ACKED);
      acked += more < 0 ? is.sum(ACKED) : more;
      buckets.add(was.by(HANDLER, "le"), is.by(HANDLER, "le"));
    }
    double seconds = (nanos - before.nanos()) / 1e9;
    return new Workers(
        List.copyOf(now),
        any && seconds > 0 ? OptionalDouble.of(acked / seconds) : OptionalDouble.empty(),
        buckets.quantile(0.5),
        buckets.quantile(0.99),
        nanos);
  }

  ArrayNode json() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    all.forEach(worker -> json.add(worker.json()));
    return json;
  }

  /** Each endpoint of a handler, and at how many workers its breaker is open. */
  ArrayNode endpoints() {
    Map<String, ObjectNode> endpoints = new TreeMap<>();
    for (Worker worker : all) {
      Metrics metrics = worker.metrics().orElse(Metrics.NONE);
      metrics
          .by("streamfleet_breaker_open", "endpoint")
          .forEach(
              (endpoint, open) -> {
                ObjectNode json = endpoint(endpoints, endpoint);
                json.put("workers", json.path("workers").asInt() + 1);
                json.put("open", json.path("open").asInt() + (open > 0 ? 1 : 0));
              });
      for (Metrics.Sample opened : metrics.all("streamfleet_breaker_opened_total")) {
        ObjectNode json = endpoint(endpoints, opened.label("endpoint"));
        String cause = "opened_" + opened.label("cause");
        json.put(cause, json.path(cause).asLong() + (long) opened.value());
      }
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    endpoints.values().forEach(json::add);
    return json;
  }

  private static ObjectNode endpoint(Map<String, ObjectNode> all, String name) {
    return all.computeIfAbsent(
        name,
        it ->
            JsonNodeFactory.instance
                .objectNode()
                .put("endpoint", it)
                .put("workers", 0)
                .put("open", 0)
                .put("opened_unavailable", 0)
                .put("opened_failing", 0));
  }

  /** How many entries wait for the limits, by loop. */
  Map<String, Double> limited() {
    Map<String, Double> limited = new TreeMap<>();
    all.forEach(
        worker ->
            worker
                .metrics()
                .orElse(Metrics.NONE)
                .by("streamfleet_limited", "loop")
                .forEach((loop, count) -> limited.merge(loop, count, Double::sum)));
    return limited;
  }

  /** The addresses of those that have one. */
  public List<URI> addresses() {
    List<URI> addresses = new ArrayList<>();
    all.forEach(worker -> worker.address().ifPresent(addresses::add));
    return addresses;
  }
}
