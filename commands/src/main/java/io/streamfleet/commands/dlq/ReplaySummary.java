package io.streamfleet.commands.dlq;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.Replay;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.EntryId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts the outcomes of a replay. */
public final class ReplaySummary {

  private long replayed;
  private long gone;
  private long refused;
  private final Map<String, Cases> refusals = new LinkedHashMap<>();

  /** The number of letters that were refused for the same reason, and the first of them. */
  private record Cases(EntryId example, long count) {}

  /** Counts what became of one. */
  public void add(DeadLetter letter, Replay.Outcome outcome) {
    switch (outcome) {
      case Replay.Replayed(String _) -> replayed++;
      case Replay.Gone() -> gone++;
      case Replay.Refused(String why) -> {
        refused++;
        refusals.merge(
            why,
            new Cases(letter.id(), 1),
            (before, one) -> new Cases(before.example(), before.count() + 1));
      }
    }
  }

  /** Counts what would become of one. */
  public void would(DeadLetter letter, Optional<String> refusal) {
    add(letter, refusal.<Replay.Outcome>map(Replay.Refused::new).orElse(new Replay.Replayed("")));
  }

  long replayed() {
    return replayed;
  }

  long refused() {
    return refused;
  }

  /** For a program. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("replayed", replayed).put("gone", gone).put("refused", refused);
    ArrayNode reasons = json.putArray("refusals");
    refusals.forEach(
        (why, cases) ->
            reasons
                .addObject()
                .put("why", why)
                .put("count", cases.count())
                .put("example", cases.example().toString()));
    return json;
  }

  /** Prints the refusals to standard error, each reason once, and the sums to standard output. */
  void print(Console console, String verb) {
    refusals.forEach(
        (why, cases) ->
            console
                .err()
                .println(
                    "refused "
                        + cases.example()
                        + (cases.count() > 1
                            ? " and " + Text.number(cases.count() - 1) + " more"
                            : "")
                        + ": "
                        + Text.printable(why)));
    console
        .out()
        .println(
            verb
                + Text.letters(replayed)
                + ", "
                + Text.number(gone)
                + " already gone, "
                + Text.number(refused)
                + " refused");
  }
}
