package io.streamfleet.console.look;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.deadletter.DeadLetterStream;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.dlq.DeadLetterGroups;
import io.streamfleet.commands.dlq.DeadLetterJsonLines;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.shared.Shared;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Dead letters: the commands {@code dlq summary}, {@code dlq list} and {@code dlq show}. */
public final class DeadLetters {

  /** 5,000 letters, as many as there are by default, take 50 small commands. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Fleets and filters that somebody looks at. */
  private static final int KEPT = 100;

  /** Letters that are read for an answer: four times as many as are kept by default. */
  private static final long LOOKED = 20_000;

  /** Rows that fit on a page. */
  private static final int ROWS = 100;

  private static final int GROUPS = 50;

  private record Selected(FleetKey fleet, DeadLetterFilter filter) {}

  private record Grouped(FleetKey fleet, List<DeadLetterGroups.By> by) {}

  private final Shared<Grouped, ObjectNode> groups = new Shared<>(FRESH, KEPT);
  private final Shared<Selected, ObjectNode> lists = new Shared<>(FRESH, KEPT);
  private final Payload payload;

  public DeadLetters(Payload payload) {
    this.payload = payload;
  }

  /** How many there are, by what they have in common, the largest group first. */
  public ObjectNode groups(FleetLink fleet, List<DeadLetterGroups.By> by) {
    return groups.get(new Grouped(fleet.key(), by), () -> counted(fleet, by));
  }

  private static ObjectNode counted(FleetLink fleet, List<DeadLetterGroups.By> by) {
    DeclaredStreams streams = new DeclaredStreams(fleet.spec());
    DeadLetterStream letters = stream(fleet);
    DeadLetterGroups counted = new DeadLetterGroups(by, streams);
    letters.walk(
        everything(),
        streams,
        LOOKED,
        looked -> looked < LOOKED,
        page -> {
          page.forEach(counted::add);
          return true;
        });
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stream", letters.key());
    json.put("length", letters.length());
    json.put("max_length", fleet.spec().deadLetter().maxLength());
    json.put("looked", counted.letters());
    json.put("groups_met", counted.count());
    ArrayNode rows = json.putArray("groups");
    counted.largest(GROUPS).forEach(group -> rows.add(group.json(by)));
    return json;
  }

  /** Those that a filter selects, the newest first, without payloads. */
  public ObjectNode list(FleetLink fleet, DeadLetterFilter filter) {
    return lists.get(new Selected(fleet.key(), filter), () -> listed(fleet, filter));
  }

  private ObjectNode listed(FleetLink fleet, DeadLetterFilter filter) {
    DeclaredStreams streams = new DeclaredStreams(fleet.spec());
    Deque<ObjectNode> newest = new ArrayDeque<>();
    long[] counts = {0, 0};
    stream(fleet)
        .walk(
            filter,
            streams,
            LOOKED,
            looked -> {
              counts[1] = looked;
              return looked < LOOKED;
            },
            page -> {
              counts[0] += page.size();
              page.forEach(letter -> newest.addFirst(row(letter, streams)));
              while (newest.size() > ROWS) {
                newest.removeLast();
              }
              return true;
            });
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("selected", counts[0]);
    json.put("more", counts[1] >= LOOKED);
    ArrayNode rows = json.putArray("letters");
    newest.forEach(rows::add);
    return json;
  }

  /** One of them, with its payload as far as that may be shown. */
  public Optional<ObjectNode> letter(FleetLink fleet, EntryId id) {
    DeclaredStreams streams = new DeclaredStreams(fleet.spec());
    return stream(fleet)
        .letter(id)
        .map(
            letter -> {
              ObjectNode json = row(letter, streams);
              payload.put(json, letter.payload());
              return json;
            });
  }

  private ObjectNode row(DeadLetter letter, DeclaredStreams streams) {
    ObjectNode json = DeadLetterJsonLines.object(letter, streams);
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    names.stream()
        .filter(name -> json.path(name).isTextual())
        .forEach(name -> json.put(name, payload.field(name, json.path(name).asText())));
    return json;
  }

  /** Something was changed: what is known is old. */
  public void changed() {
    groups.forgetAll();
    lists.forgetAll();
  }

  /** Selects all. */
  public static DeadLetterFilter everything() {
    return new DeadLetterFilter(
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** The stream of a fleet's dead letters. */
  public static DeadLetterStream stream(FleetLink fleet) {
    return new DeadLetterStream(fleet.link(), fleet.spec().deadLetter().stream());
  }
}
