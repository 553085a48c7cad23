package io.streamfleet.commands.top;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StreamOption;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code top}. */
@Command(
    name = "top",
    description = {
      "List the channels with the largest backlog, and the consumers with most pending entries.",
      "",
      "The channel is only in the payloads, so of a long backlog only the oldest entries are read,"
          + " in small steps: --sample pending and as many unread entries of each stream. Changes"
          + " nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  top -f manifest.yaml",
      "  top -f manifest.yaml --by pending --limit 3",
      "  top -f manifest.yaml --by oldest          channels with the oldest pending entry",
      "  top -f manifest.yaml --sample 50000       slower, and more accurate"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:Redis failed", "2:bad usage"})
public final class TopCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StreamOption stream = new StreamOption();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      defaultValue = "BACKLOG",
      description =
          "The order of the channels. backlog: unread and pending entries; pending: pending entries;"
              + " oldest: age of the oldest pending entry (default: backlog).")
  private TopLook.By by = TopLook.By.BACKLOG;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "The most channels, and consumers, to list (default: ${DEFAULT-VALUE}).")
  private int limit = 10;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Read so many pending and as many unread entries of each stream (default:"
              + " ${DEFAULT-VALUE}).")
  private int most = 2_000;

  @Override
  public Integer call() {
    if (limit < 1 || most < 1) {
      throw manifest.bad("--limit and --sample must be at least 1");
    }
    StreamConsumerGroupSpec spec = manifest.spec();
    List<ReadStream> streams = stream.of(manifest, spec);
    Console console = Console.of(command);
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      TopLook look = TopLook.at(redis.link(), streams, most, console.progress());
      printChannels(console, look);
      printConsumers(console, spec, look);
    }
    return 0;
  }

  private void printChannels(Console console, TopLook look) {
    List<ChannelLoad> first = look.first(by, limit);
    if (output.isJson()) {
      first.forEach(channel -> console.out().println(channel.json()));
      return;
    }
    new Table(console.out(), ChannelLoad.HEAD).write(first.stream().map(ChannelLoad::row).toList());
    console
        .out()
        .println(
            Text.number(first.size())
                + " of "
                + Text.number(look.channels().size())
                + " channels, in the "
                + Text.number(look.looked())
                + " entries that were looked at");
    console.out().println();
  }

  private void printConsumers(Console console, StreamConsumerGroupSpec spec, TopLook look) {
    List<Holding> first = look.holdings().stream().limit(limit).toList();
    if (output.isJson()) {
      first.forEach(it -> console.out().println(it.json(spec, look.at())));
      return;
    }
    new Table(console.out(), Holding.HEAD)
        .write(first.stream().map(it -> it.row(spec, look.at())).toList());
  }
}
