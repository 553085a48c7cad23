package io.streamfleet.commands.top;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StreamOption;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ObservedConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  /** The order of the channels. */
  private enum By {
    BACKLOG,
    PENDING,
    OLDEST
  }

  /** The most channels of each stream that are sorted: those with most entries in the sample. */
  private static final int CANDIDATES = 1_000;

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
  private By by = By.BACKLOG;

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

  /** A consumer of a group, with its oldest pending entry. */
  private record Holding(
      ReadStream stream, ObservedConsumer consumer, Optional<PendingEntry> oldest) {}

  @Override
  public Integer call() {
    if (limit < 1 || most < 1) {
      throw manifest.bad("--limit and --sample must be at least 1");
    }
    StreamConsumerGroupSpec spec = manifest.spec();
    List<ReadStream> streams = stream.of(manifest, spec);
    Console console = Console.of(command);
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Link link = redis.link();
      Instant now = ServerTime.of(link);
      List<ChannelLoad> channels = new ArrayList<>();
      long looked = 0;
      for (ReadStream read : streams) {
        Sample sample = new Sample(link, read, most, now);
        sample.take(console.progress());
        looked += sample.pending() + sample.unread();
        channels.addAll(sample.channels(CANDIDATES));
      }
      printChannels(console, channels, looked);
      printConsumers(console, spec, holdings(link, streams), now);
    }
    return 0;
  }

  private Comparator<ChannelLoad> order() {
    Comparator<ChannelLoad> byAll = Comparator.comparingLong(ChannelLoad::all);
    return switch (by) {
      case BACKLOG -> byAll.reversed();
      case PENDING -> Comparator.comparingLong(ChannelLoad::pending).reversed();
      case OLDEST ->
          Comparator.comparing(
                  (ChannelLoad load) -> load.oldestPending().orElse(Duration.ofSeconds(-1)))
              .reversed();
    };
  }

  private void printChannels(Console console, List<ChannelLoad> channels, long looked) {
    List<ChannelLoad> first = channels.stream().sorted(order()).limit(limit).toList();
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
                + Text.number(channels.size())
                + " channels, in the "
                + Text.number(looked)
                + " entries that were looked at");
    console.out().println();
  }

  private static List<Holding> holdings(Link link, List<ReadStream> streams) {
    List<Holding> all = new ArrayList<>();
    for (ReadStream read : streams) {
      PendingPages pages = new PendingPages(link, read.group());
      for (ObservedConsumer consumer :
          Consumers.of(link, read.group()).map(Consumers::all).orElse(List.of())) {
        all.add(
            new Holding(
                read,
                consumer,
                consumer.pending() > 0 ? pages.oldestOf(consumer.name()) : Optional.empty()));
      }
    }
    all.sort(Comparator.comparingLong((Holding it) -> it.consumer().pending()).reversed());
    return all;
  }

  private void printConsumers(
      Console console, StreamConsumerGroupSpec spec, List<Holding> holdings, Instant now) {
    List<Holding> first = holdings.stream().limit(limit).toList();
    if (output.isJson()) {
      first.forEach(it -> console.out().println(json(spec, it, now)));
      return;
    }
    new Table(
            console.out(), List.of("CONSUMER", "STREAM", "PENDING", "OLDEST", "LAST CALL", "STATE"))
        .write(
            first.stream()
                .map(
                    it ->
                        List.of(
                            Text.printable(it.consumer().name()),
                            Text.printable(it.stream().stream()),
                            Text.number(it.consumer().pending()),
                            age(it, now).map(Text::age).orElse(Text.NOTHING),
                            it.consumer().idle().map(Text::age).orElse(Text.NOTHING),
                            Consumers.isAlive(spec, it.consumer()) ? "reads" : "gone"))
                .toList());
  }

  private static ObjectNode json(StreamConsumerGroupSpec spec, Holding it, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("consumer", it.consumer().name());
    json.put("stream", it.stream().stream());
    json.put("group", it.stream().group().group());
    json.put("pending", it.consumer().pending());
    json.put("oldest_seconds", age(it, now).map(age -> age.toMillis() / 1e3).orElse(null));
    json.put("oldest_id", it.oldest().map(entry -> entry.id().toString()).orElse(null));
    json.put("idle_seconds", it.consumer().idle().map(age -> age.toMillis() / 1e3).orElse(null));
    json.put("alive", Consumers.isAlive(spec, it.consumer()));
    return json;
  }

  private static Optional<Duration> age(Holding it, Instant now) {
    return it.oldest().map(entry -> Duration.between(entry.id().time(), now));
  }
}
