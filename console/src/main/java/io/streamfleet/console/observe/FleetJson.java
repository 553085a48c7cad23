package io.streamfleet.console.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.status.GroupStatus;
import io.streamfleet.commands.status.StatusLook.FleetStatus;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.console.cluster.FleetResource;
import io.streamfleet.console.observe.History.Curve;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Fleets as the page gets them. */
public final class FleetJson {

  /** The small plot of a row: four minutes. */
  private static final int SMALL = 120;

  private FleetJson() {}

  /** A row of the list of fleets. */
  public static ObjectNode row(ObservedFleet fleet) {
    FleetResource resource = fleet.resource();
    JsonNode ready = resource.condition("Ready");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("namespace", resource.key().namespace());
    json.put("name", resource.key().name());
    json.put("ready", ready.path("status").asText("Unknown"));
    json.put("reason", ready.path("reason").asText(null));
    json.put("message", ready.path("message").asText(null));
    json.put("workers", resource.status().path("workers").asText(null));
    json.put("paused", paused(resource));
    json.put("problem", fleet.problem().orElse(null));
    fleet.status().ifPresent(status -> summary(json, status));
    unavailable(resource, json.withArray("held_back_by"));
    json.set("history", fleet.history().json(SMALL, Curve.LAG));
    return json;
  }

  /** What only workers know, and tell the operator: before its effects on the groups. */
  private static void unavailable(FleetResource resource, ArrayNode reasons) {
    JsonNode handlers = resource.condition("HandlersAvailable");
    if (handlers.path("status").asText().equals("False")) {
      // The first sentence; the page of the fleet has the whole condition.
      reasons.insert(0, handlers.path("message").asText().split("\\. ", 2)[0]);
    }
  }

  private static void summary(ObjectNode json, FleetStatus status) {
    json.put("lag", sum(status, true));
    json.put("pending", sum(status, false));
    json.put(
        "late_seconds",
        status.groups().stream()
            .flatMap(it -> it.seen().oldestUnread().stream())
            .max(Comparator.naturalOrder())
            .map(it -> it.toMillis() / 1e3)
            .orElse(null));
    double trend =
        status.groups().stream()
            .mapToDouble(
                it ->
                    switch (it.trend().direction()) {
                      case GROWING -> it.trend().perSecond();
                      case SHRINKING -> -it.trend().perSecond();
                      case STEADY, UNKNOWN -> 0;
                    })
            .sum();
    json.put("trend_per_second", trend);
    json.put("dead_letters", boxed(status.deadLetters()));
    json.put("writes_refused", status.writesRefused().orElse(null));
    ArrayNode reasons = json.putArray("held_back_by");
    status.groups().stream()
        .flatMap(it -> it.heldBackBy().stream())
        .distinct()
        .forEach(reasons::add);
  }

  private static @Nullable Long sum(FleetStatus status, boolean lag) {
    long sum = 0;
    for (GroupStatus group : status.groups()) {
      OptionalLong one = lag ? group.seen().lag() : group.seen().pending();
      if (one.isEmpty()) {
        return null;
      }
      sum += one.getAsLong();
    }
    return sum;
  }

  private static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  /** What is paused by the spec; null if nothing is. */
  private static @Nullable String paused(FleetResource resource) {
    return resource
        .spec()
        .flatMap(
            spec -> {
              StringBuilder paused = new StringBuilder();
              if (spec.inbound() != null && spec.inbound().paused()) {
                paused.append("inbound");
              }
              if (spec.outbound() != null) {
                spec.outbound().platforms().stream()
                    .filter(spec.outbound()::isPaused)
                    .forEach(it -> paused.append(paused.isEmpty() ? "" : ", ").append(it));
              }
              return paused.isEmpty() ? Optional.empty() : Optional.of(paused.toString());
            })
        .orElse(null);
  }

  /** All of a fleet. */
  public static ObjectNode whole(ObservedFleet fleet) {
    FleetResource resource = fleet.resource();
    ObjectNode json = row(fleet);
    json.put("generation", resource.metadata().path("generation").asLong());
    json.set("conditions", resource.status().path("conditions"));
    json.set("settings", resource.status().path("settings"));
    ArrayNode groups = json.putArray("groups");
    fleet.status().ifPresent(it -> it.groups().forEach(group -> groups.add(group.json())));
    json.set("pods", fleet.workers().json());
    json.set("endpoints", fleet.workers().endpoints());
    json.set(
        "history",
        fleet
            .history()
            .json(
                Integer.MAX_VALUE,
                Curve.LAG,
                Curve.LATE,
                Curve.PENDING,
                Curve.RATE,
                Curve.P50,
                Curve.P99));
    resource.spec().ifPresent(spec -> declared(json, spec, resource.declared()));
    ObjectNode limited = json.putObject("limited");
    fleet.workers().limited().forEach(limited::put);
    return json;
  }

  private static void declared(ObjectNode json, StreamConsumerGroupSpec spec, JsonNode declared) {
    json.put("dead_letter_stream", spec.deadLetter().stream());
    json.put("dead_letter_max_length", spec.deadLetter().maxLength());
    ObjectNode inbound = json.putObject("inbound");
    inbound.put("declared", spec.inbound() != null);
    inbound.put("paused", spec.inbound() != null && spec.inbound().paused());
    inbound.set("limits", declared.path("inbound").path("limits"));
    ObjectNode outbound = json.putObject("outbound");
    outbound.put("declared", spec.outbound() != null);
    outbound.put("paused", spec.outbound() != null && spec.outbound().paused());
    outbound.set("limits", declared.path("outbound").path("limits"));
    ArrayNode platforms = outbound.putArray("platforms");
    if (spec.outbound() != null) {
      spec.outbound()
          .platforms()
          .forEach(
              it ->
                  platforms
                      .addObject()
                      .put("name", it)
                      .put("paused", spec.outbound().isPaused(it)));
    }
    ArrayNode streams = json.putArray("streams");
    ReadStream.of(spec).forEach(it -> streams.add(it.stream()));
  }
}
