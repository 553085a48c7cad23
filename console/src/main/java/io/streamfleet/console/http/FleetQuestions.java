package io.streamfleet.console.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.dlq.DeadLetterGroups;
import io.streamfleet.commands.top.TopLook;
import io.streamfleet.commands.why.Explanation;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.cluster.FleetResources;
import io.streamfleet.console.look.Channels;
import io.streamfleet.console.look.DeadLetters;
import io.streamfleet.console.look.Entries;
import io.streamfleet.console.look.FleetLink;
import io.streamfleet.console.look.InFlight;
import io.streamfleet.console.shared.Shared;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The questions about a fleet that need more than the last look at it. */
public final class FleetQuestions {

  /** Events are read by people, to the minute. */
  private static final Duration EVENTS_FRESH = Duration.ofSeconds(5);

  /** Fleets that somebody looks at. */
  private static final int FLEETS = 20;

  private final FleetResources resources;
  private final Channels channels;
  private final Entries entries;
  private final DeadLetters letters;
  private final InFlight inFlight;
  private final Shared<FleetKey, ObjectNode> events = new Shared<>(EVENTS_FRESH, FLEETS);

  public FleetQuestions(
      FleetResources resources,
      Channels channels,
      Entries entries,
      DeadLetters letters,
      InFlight inFlight) {
    this.resources = resources;
    this.channels = channels;
    this.entries = entries;
    this.letters = letters;
    this.inFlight = inFlight;
  }

  ObjectNode answer(
      Request request, Api.Visible fleet, List<String> rest, Supplier<FleetLink> link) {
    if (rest.size() == 2 && rest.getFirst().equals("dead-letters")) {
      return letter(rest.get(1), link);
    }
    if (rest.size() != 1) {
      throw HttpProblem.notFound();
    }
    return switch (rest.getFirst()) {
      case "events" -> events(fleet);
      case "in-flight" -> inFlight.json(fleet.fleet());
      case "channels" -> channels(request, link.get());
      case "why" -> why(request, link.get());
      case "find" -> find(request, link.get());
      case "dead-letter-groups" -> letters.groups(link.get(), by(request));
      case "dead-letters" -> letters.list(link.get(), Filters.of(request));
      default -> throw HttpProblem.notFound();
    };
  }

  private ObjectNode letter(String id, Supplier<FleetLink> link) {
    if (!Explanation.isEntryId(id)) {
      throw HttpProblem.bad("an id is written as 1732372000000-0");
    }
    return letters
        .letter(link.get(), EntryId.parse(id))
        .orElseThrow(() -> new HttpProblem(404, "there is no dead letter " + id + " any more"));
  }

  private ObjectNode events(Api.Visible fleet) {
    return events.get(fleet.key(), () -> newest(fleet));
  }

  private ObjectNode newest(Api.Visible fleet) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = json.putArray("events");
    for (JsonNode event : resources.events(fleet.resource())) {
      rows.addObject()
          .put("at", FleetResources.time(event))
          .put("type", event.path("type").asText())
          .put("reason", event.path("reason").asText())
          .put("message", event.path("message").asText())
          .put("count", event.path("count").asInt(1));
    }
    return json;
  }

  private ObjectNode channels(Request request, FleetLink link) {
    TopLook.By by =
        switch (request.parameter("by").orElse("backlog")) {
          case "backlog" -> TopLook.By.BACKLOG;
          case "pending" -> TopLook.By.PENDING;
          case "oldest" -> TopLook.By.OLDEST;
          default -> throw HttpProblem.bad("by takes backlog, pending or oldest");
        };
    return channels.json(link, by, request.parameter("search").orElse(""));
  }

  private ObjectNode why(Request request, FleetLink link) {
    String what =
        request
            .parameter("what")
            .orElseThrow(() -> HttpProblem.bad("what: the id of an entry, or a channel"));
    return entries.why(link, what, request.parameter("channel").isPresent());
  }

  private ObjectNode find(Request request, FleetLink link) {
    String kind = request.parameter("kind").orElse("");
    if (!List.of("id", "channel", "trace").contains(kind)) {
      throw HttpProblem.bad("kind takes id, channel or trace");
    }
    String value =
        request.parameter("value").orElseThrow(() -> HttpProblem.bad("value: what to find"));
    if (kind.equals("id") && !Explanation.isEntryId(value)) {
      throw HttpProblem.bad("an id is written as 1732372000000-0");
    }
    return entries.find(
        link,
        new Entries.Query(link.key(), kind, value, Api.duration(request.parameter("newer-than"))));
  }

  private static List<DeadLetterGroups.By> by(Request request) {
    List<String> names =
        Arrays.asList(request.parameter("by").orElse("reason,error").split(",", -1));
    try {
      return names.stream()
          .map(name -> DeadLetterGroups.By.valueOf(name.strip().toUpperCase(Locale.ROOT)))
          .distinct()
          .toList();
    } catch (IllegalArgumentException e) {
      throw HttpProblem.bad("by takes reason, error, channel, hour, stream and consumer");
    }
  }
}
