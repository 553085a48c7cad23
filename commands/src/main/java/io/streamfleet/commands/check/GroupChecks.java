package io.streamfleet.commands.check;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks the streams, groups and consumer names of a manifest, and the number of dead letters. */
final class GroupChecks {

  private static final String OPERATIONS = "docs/operations.md";
  private static final String TRIMMING = "docs/redis.md#memory-of-streams";
  private static final String LETTERS = "docs/dead-letters.md";

  /** A consumer that has been idle for longer counts as gone; a restart of a worker is shorter. */
  private static final Duration GONE = Duration.ofMinutes(10);

  /**
   * From this share of {@code deadLetter.maxLength} on there is a warning, so that somebody reads
   * the oldest dead letters before Redis trims them.
   */
  private static final double NEARLY_FULL = 0.9;

  /** The most names listed in one line. */
  private static final int NAMED = 3;

  private final StreamConsumerGroupSpec spec;

  GroupChecks(StreamConsumerGroupSpec spec) {
    this.spec = spec;
  }

  List<Finding> all(Inspection seen) {
    List<Finding> found = new ArrayList<>();
    List<ReadStream> streams = ReadStream.of(spec);
    Map<?, ReadStream> reads =
        streams.stream()
            .map(ReadStream::whole)
            .collect(Collectors.toMap(ReadStream::group, it -> it, (first, second) -> first));
    for (ObservedGroup group :
        PartitionedGroup.wholes(seen.groups(), ReadStream.partitioned(streams))) {
      found.addAll(of(group));
      ReadStream read = reads.get(group.group());
      if (read != null && read.paused()) {
        found.add(
            Finding.warning(
                "paused",
                name(group) + " is paused: no new entries are read",
                "set paused to false in the manifest to resume",
                OPERATIONS));
      }
    }
    String letters = spec.deadLetter().stream();
    seen.lengthOf(letters).ifPresent(count -> found.add(letters(count)));
    seen.lengthRefused(letters)
        .ifPresent(
            error ->
                found.add(
                    Finding.error(
                        "dead letters",
                        letters + " could not be checked: " + error,
                        remedy(error),
                        LETTERS)));
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
                  "stream " + group.group().stream() + " does not exist yet; a worker creates it",
                  OPERATIONS));
      case NO_GROUP ->
          List.of(
              Finding.warning(
                  "groups",
                  name(group) + " does not exist",
                  "start a worker, which creates it; spec.inbound.startFrom sets where it starts",
                  OPERATIONS));
      case UNKNOWN ->
          List.of(
              Finding.warning(
                  "groups",
                  name(group) + " could not be checked: " + group.refused().orElse("refused"),
                  remedy(group.refused().orElse("")),
                  OPERATIONS));
      case PRESENT -> ofPresent(group);
    };
  }

  private static String remedy(String error) {
    return error.startsWith("WRONGTYPE")
        ? "the key is no stream: rename it, or use another name in the manifest"
        : "give the user the missing rights listed above";
  }

  private List<Finding> ofPresent(ObservedGroup group) {
    List<Finding> found = new ArrayList<>();
    found.add(Finding.ok("groups", name(group) + " exists", OPERATIONS));
    long trimmed = group.trimmed().orElse(0);
    if (trimmed > 0) {
      found.add(
          Finding.error(
              "trimming",
              Text.number(trimmed) + " entries were trimmed before " + name(group) + " read them",
              "raise the length to which publishers trim (XADD ... MAXLEN ~ N), or add workers",
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
                  + " entries are pending for consumers without a worker: "
                  + names(holding)
                  + "; "
                  + name(group),
              "start a worker: it claims them after "
                  + Text.age(spec.autoclaim().minIdle())
                  + "; if workers are running, run `why` for one of the entries",
              "docs/guarantees.md"));
    }
    List<ObservedConsumer> empty = gone.stream().filter(it -> it.pending() == 0).toList();
    if (!empty.isEmpty()) {
      found.add(
          Finding.warning(
              "names",
              Text.number(empty.size())
                  + (empty.size() == 1 ? " consumer" : " consumers")
                  + " without a worker in "
                  + name(group)
                  + ": "
                  + names(empty),
              "harmless; redis-cli XGROUP DELCONSUMER removes a consumer: only run it if nothing is"
                  + " pending for the name",
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
    String text = Text.letters(count) + " in " + spec.deadLetter().stream();
    return most > 0 && count >= NEARLY_FULL * most
        ? Finding.warning(
            "dead letters",
            text + ", near the maximum of " + Text.number(most) + ": the oldest get trimmed",
            "run dlq summary, then dlq replay or dlq purge",
            LETTERS)
        : Finding.ok("dead letters", text, LETTERS);
  }
}
