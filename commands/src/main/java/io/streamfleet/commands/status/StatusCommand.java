package io.streamfleet.commands.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.DurationOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}. */
@Command(
    name = "status",
    description = {
      "Show for each group how late it is, whether its lag grows, and what holds it back.",
      "",
      "LAG is the number of unread entries, LATE the age of the oldest one, OLDEST the age of the"
          + " oldest pending entry. Changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  status -f manifest.yaml",
      "  status -f manifest.yaml --watch-for 10s     a trend that is less affected by short bursts",
      "  status -f manifest.yaml --output json | jq 'select(.late_seconds > 60)'"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:shown, whatever the status", "1:Redis failed", "2:bad usage"})
public final class StatusCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--watch-for",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationOption.class,
      description = "How long to measure the trend; 0s shows none (default: ${DEFAULT-VALUE}).")
  private Duration watchFor = Duration.ofSeconds(2);

  @Override
  public Integer call() {
    StreamConsumerGroupSpec spec = manifest.spec();
    Console console = Console.of(command);
    List<ReadStream> streams = ReadStream.of(spec);
    String deadLetters = spec.deadLetter().stream();
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Link link = redis.link();
      GroupInspection inspection = new GroupInspection(link);
      Inspection before = look(inspection, streams, deadLetters);
      Inspection after = before;
      if (watchFor.isPositive()) {
        RedisReply.pause(watchFor);
        after = look(inspection, streams, deadLetters);
      }
      List<GroupStatus> groups = new ArrayList<>();
      Holdups holdups = new Holdups(spec);
      for (ReadStream stream : streams) {
        groups.add(status(link, holdups, stream, before, after));
      }
      print(console, groups, deadLetters, after);
    }
    return 0;
  }

  private static Inspection look(
      GroupInspection inspection, List<ReadStream> streams, String deadLetters) {
    return RedisReply.of(
        () ->
            inspection.look(
                streams.stream().map(ReadStream::group).toList(),
                GroupInspection.Consumers.ALL,
                List.of(deadLetters)));
  }

  private static GroupStatus status(
      Link link, Holdups holdups, ReadStream stream, Inspection before, Inspection after) {
    ObservedGroup seen = of(stream, after);
    Optional<PendingEntry> oldest =
        seen.presence() == Presence.PRESENT && seen.pending().orElse(0) > 0
            ? new PendingPages(link, stream.group()).oldest()
            : Optional.empty();
    return new GroupStatus(
        stream,
        seen,
        Trend.between(of(stream, before), seen, Duration.between(before.at(), after.at())),
        oldest,
        seen.consumers().stream().filter(holdups::isAlive).count(),
        holdups.of(stream, seen, oldest, after.writesRefused()));
  }

  private static ObservedGroup of(ReadStream stream, Inspection seen) {
    return seen.groups().stream()
        .filter(it -> it.group().equals(stream.group()))
        .findFirst()
        .orElseThrow();
  }

  private void print(
      Console console, List<GroupStatus> groups, String deadLetters, Inspection seen) {
    OptionalLong letters = seen.lengthOf(deadLetters);
    if (output.isJson()) {
      groups.forEach(group -> console.out().println(group.json()));
      ObjectNode last = JsonNodeFactory.instance.objectNode();
      last.put("dead_letter_stream", deadLetters);
      last.put("dead_letters", letters.isPresent() ? letters.getAsLong() : null);
      last.put("writes_refused", seen.writesRefused().orElse(null));
      console.out().println(last);
      return;
    }
    new Table(console.out(), GroupStatus.HEAD)
        .write(groups.stream().map(GroupStatus::row).toList());
    letters.ifPresent(
        count ->
            console
                .out()
                .println(
                    Text.letters(count)
                        + " in "
                        + Text.printable(deadLetters)
                        + (count > 0 ? "; `dlq summary` shows why" : "")));
  }
}
