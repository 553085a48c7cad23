package io.streamfleet.console.look;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.find.Search;
import io.streamfleet.commands.find.Wanted;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.commands.why.Answer;
import io.streamfleet.commands.why.Explanation;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.shared.Shared;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.EntryFields;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where an entry or a channel is: the commands {@code why}, {@code show} and {@code find}. */
public final class Entries {

  /** Whoever waits for a retry sees it about when it happens. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  /** Entries that are watched by somebody. */
  private static final int KEPT = 100;

  /** What is found fits on a page. */
  private static final int HITS = 50;

  /** Entries of each stream that a search looks at: a second or two, half of which Redis rests. */
  private static final long LOOKED = 50_000;

  /** What is looked for. */
  public record Query(FleetKey fleet, String kind, String value, Optional<Duration> newerThan) {}

  private record Asked(FleetKey fleet, String version, String what, boolean channel) {}

  private final Shared<Asked, ObjectNode> answers = new Shared<>(FRESH, KEPT);
  private final Shared<Query, ObjectNode> searches = new Shared<>(FRESH, KEPT);
  private final Payload payload;

  public Entries(Payload payload) {
    this.payload = payload;
  }

  /**
   * Where an entry is, what it waits for, and what it has in its fields; of a channel its oldest
   * entry.
   *
   * @param channel whether it is a channel although it looks like an entry's id
   */
  public ObjectNode why(FleetLink fleet, String what, boolean channel) {
    return answers.get(
        new Asked(fleet.key(), fleet.version(), what, channel), () -> answer(fleet, what, channel));
  }

  private ObjectNode answer(FleetLink fleet, String what, boolean channel) {
    List<ReadStream> streams = ReadStream.of(fleet.spec());
    boolean isId = !channel && Explanation.isEntryId(what);
    List<Answer> found =
        isId
            ? Explanation.ofEntry(fleet.link(), fleet.spec(), streams, EntryId.parse(what))
            : Explanation.ofChannel(fleet.link(), fleet.spec(), streams, what, Progress.silent());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("what", what);
    json.put("is_channel", !isId);
    ArrayNode all = json.putArray("answers");
    for (Answer answer : found) {
      ObjectNode one = all.addObject();
      one.put("state", answer.json().path("state").asText());
      ArrayNode facts = one.putArray("facts");
      answer
          .facts()
          .forEach((name, value) -> facts.addObject().put("name", name).put("value", value));
      one.put("stream", answer.facts().getOrDefault("stream", ""));
      one.put("entry", answer.facts().getOrDefault("entry", ""));
      show(fleet, streams, one);
    }
    return json;
  }

  private void show(FleetLink fleet, List<ReadStream> streams, ObjectNode json) {
    String name = json.path("stream").asText();
    streams.stream()
        .filter(it -> it.stream().equals(name))
        .findFirst()
        .flatMap(
            it ->
                new EntryPages(fleet.link(), name)
                    .entry(EntryId.parse(json.path("entry").asText())))
        .ifPresent(
            entry -> {
              fields(json.putArray("fields"), entry);
              payload.put(json, entry.bytes(EntryFields.DATA));
            });
  }

  private void fields(ArrayNode fields, StreamEntry entry) {
    entry.fields().keySet().stream()
        .filter(name -> !name.equals(EntryFields.DATA))
        .forEach(
            name ->
                fields
                    .addObject()
                    .put("name", name)
                    .put("value", payload.field(name, entry.text(name).orElse(""))));
  }

  /** Entries of a channel, a trace or an id, in streams and dead letters, the oldest first. */
  public ObjectNode find(FleetLink fleet, Query query) {
    return searches.get(query, () -> search(fleet, query));
  }

  private static ObjectNode search(FleetLink fleet, Query query) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode hits = json.putArray("hits");
    EntryId first =
        query
            .newerThan()
            .map(
                age ->
                    new EntryId(
                        Math.max(0, ServerTime.of(fleet.link()).minus(age).toEpochMilli()), 0))
            .orElse(EntryId.ZERO);
    Search search =
        new Search(
            fleet.link(),
            wanted(query),
            query.kind().equals("id") ? Set.of(EntryId.parse(query.value())) : Set.of(),
            first,
            new Search.Bounds(HITS, LOOKED),
            Progress.silent(),
            hit -> {
              hits.add(hit.json());
              return true;
            });
    long found =
        search.everywhere(
            ReadStream.of(fleet.spec()),
            fleet.spec().deadLetter().stream(),
            EnumSet.of(Search.Place.STREAMS, Search.Place.DEAD_LETTERS));
    json.put("looked", search.looked());
    json.put("more", search.cut() || found >= HITS);
    return json;
  }

  private static Wanted wanted(Query query) {
    return new Wanted(
        query.kind().equals("channel") ? Set.of(query.value()) : Set.of(),
        query.kind().equals("trace") ? Set.of(query.value()) : Set.of(),
        Map.of(),
        Set.of());
  }
}
