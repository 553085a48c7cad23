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
import io.streamfleet.commands.port.WorkerPorts;
import io.streamfleet.commands.status.StatusLook.FleetStatus;
import io.streamfleet.commands.stream.RedisReply;
import java.time.Duration;
import java.util.List;
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
          + " oldest pending entry.",
      "",
      "Of a stream with partitions it adds up all, and shows which worker has which.",
      "",
      "The breakers of endpoints and how many entries wait for limits are asked from the workers"
          + " themselves, at the port in the manifest: in a pod from all of the fleet, elsewhere"
          + " from the one of this machine. Changes nothing."
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
  @Mixin private final WorkerPorts workers = new WorkerPorts();
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
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      StatusLook look = new StatusLook(spec);
      FleetStatus status = look.look(redis.link());
      if (watchFor.isPositive()) {
        RedisReply.pause(watchFor);
        status = look.look(redis.link());
      }
      print(
          console,
          status,
          WorkersView.of(workers.all(manifest.source(), spec)),
          spec.deadLetter().stream());
    }
    return 0;
  }

  private void print(Console console, FleetStatus status, WorkersView view, String deadLetters) {
    List<GroupStatus> groups = status.groups();
    OptionalLong letters = status.deadLetters();
    if (output.isJson()) {
      groups.forEach(group -> console.out().println(group.json()));
      ObjectNode last = JsonNodeFactory.instance.objectNode();
      last.put("dead_letter_stream", deadLetters);
      last.put("dead_letters", letters.isPresent() ? letters.getAsLong() : null);
      last.put("writes_refused", status.writesRefused().orElse(null));
      last.setAll(view.json());
      console.out().println(last);
      return;
    }
    new Table(console.out(), GroupStatus.HEAD)
        .write(groups.stream().map(GroupStatus::row).toList());
    groups.forEach(
        group ->
            group
                .partitions()
                .ifPresent(
                    partitions -> {
                      console.out().println();
                      console
                          .out()
                          .println(
                              "partitions of " + Text.printable(group.stream().stream()) + ":");
                      new Table(console.out(), PartitionsStatus.HEAD).write(partitions.rows());
                      console.out().println();
                    }));
    letters.ifPresent(
        count ->
            console
                .out()
                .println(
                    Text.letters(count)
                        + " in "
                        + Text.printable(deadLetters)
                        + (count > 0 ? "; `dlq summary` shows why" : "")));
    view.lines().forEach(console.out()::println);
    view.silent()
        .forEach(it -> console.err().println("no answer about breakers and limits from " + it));
  }
}
