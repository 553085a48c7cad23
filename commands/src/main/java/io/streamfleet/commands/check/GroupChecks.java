package io.streamfleet.commands.check;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether streams, groups and consumer names are as they should be. */
final class GroupChecks {

  private static final String OPERATIONS = "docs/operations.md";
  private static final String TRIMMING = "docs/redis.md#memory-of-streams";
  private static final String LETTERS = "docs/dead-letters.md";

  /** A worker that is restarted is back by then. */
  private static final Duration GONE = Duration.ofMinutes(10);

  /** The oldest dead letters go soon, and somebody should read them before. */
  private static final double NEARLY_FULL = 0.9;

  /** Names in one line. */
  private static final int NAMED = 3;

  private final StreamConsumerGroupSpec spec;

  GroupChecks(StreamConsumerGroupSpec spec) {
    this.spec = spec;
  }

  List<Finding> all(Inspection seen) {
    List<Finding> found = new ArrayList<>();
    Map<?, ReadStream> reads =
        ReadStream.of(spec).stream()
            .collect(Collectors.toMap(ReadStream::group, it -> it, (first, second) -> first));
    for (ObservedGroup group : seen.groups()) {
      found.addAll(of(group));
      ReadStream read = reads.get(group.group());
      if (read != null && read.paused()) {
        found.add(
            Finding.warning(
                "paused",
                name(group) + " is paused: nothing is taken in",
                "set paused back in the manifest when it is over",
                OPERATIONS));
      }
    }
    seen.lengthOf(spec.deadLetter().stream()).ifPresent(count -> found.add(letters(count)));
    return found;
  }

  private static String name(ObservedGroup group) {
    return "group " + group.group().group() + " of " + group.group().stream();
  }

  private List<Finding> of(ObservedGroup group) {
    return switch (group.presence()) {
      case NO_STREAM ->
          List.of(
              Finding.ok(
                  "groups",
                  "stream " + group.group().stream() + " does not exist yet; a worker makes it",
                  OPERATIONS));
      case NO_GROUP ->
          List.of(
              Finding.warning(
                  "groups",
                  name(group) + " does not exist",
                  "start a worker, which makes it; see spec.inbound.startFrom for where it begins",
                  OPERATIONS));
      case UNKNOWN ->
          List.of(
              Finding.warning(
                  "groups",
                  name(group) + " could not be looked at: " + group.refused().orElse("refused"),
                  "give the user the rights that are named above",
                  OPERATIONS));
      case PRESENT -> ofPresent(group);
    };
  }

  private List<Finding> ofPresent(ObservedGroup group) {
    List<Finding> found = new ArrayList<>();
    found.add(Finding.ok("groups", name(group) + " is there", OPERATIONS));
    long trimmed = group.trimmed().orElse(0);
    if (trimmed > 0) {
      found.add(
          Finding.error(
              "trimming",
              Text.number(trimmed)
                  + " entries were trimmed away before "
                  + name(group)
                  + " read them",
              "have publishers keep more (XADD ... MAXLEN ~ N), or add workers",
              TRIMMING));
    }
    List<ObservedConsumer> gone =
        group.consumers().stream()
            .filter(it -> it.idle().filter(idle -> idle.compareTo(GONE) > 0).isPresent())
            .toList();
    List<ObservedConsumer> holding = gone.stream().filter(it -> it.pending() > 0).toList();
    if (!holding.isEmpty()) {
      found.add(
          Finding.error(
              "names",
              Text.number(holding.stream().mapToLong(ObservedConsumer::pending).sum())
                  + " entries are pending for names that nobody uses: "
                  + names(holding)
                  + "; "
                  + name(group),
              "start a worker: it claims them after "
                  + Text.age(spec.autoclaim().minIdle())
                  + "; if workers run, look at `why` of one of them",
              "docs/guarantees.md"));
    }
    List<ObservedConsumer> empty = gone.stream().filter(it -> it.pending() == 0).toList();
    if (!empty.isEmpty()) {
      found.add(
          Finding.warning(
              "names",
              Text.number(empty.size())
                  + (empty.size() == 1 ? " name" : " names")
                  + " that nobody uses in "
                  + name(group)
                  + ": "
                  + names(empty),
              "they do no harm; redis-cli XGROUP DELCONSUMER removes one, if it has nothing"
                  + " pending",
              OPERATIONS));
    }
    return found;
  }

  private static String names(List<ObservedConsumer> consumers) {
    String named =
        consumers.stream()
            .limit(NAMED)
            .map(ObservedConsumer::name)
            .collect(Collectors.joining(", "));
    return consumers.size() > NAMED ? named + ", ..." : named;
  }

  private Finding letters(long count) {
    long most = spec.deadLetter().maxLength();
    String told = Text.letters(count) + " in " + spec.deadLetter().stream();
    return most > 0 && count >= NEARLY_FULL * most
        ? Finding.warning(
            "dead letters",
            told + ", of about " + Text.number(most) + " that are kept: the oldest go",
            "see to them: dlq summary, then dlq replay or dlq purge",
            LETTERS)
        : Finding.ok("dead letters", told, LETTERS);
  }
}
