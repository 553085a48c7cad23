package io.streamfleet.commands.find;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.DurationOption;
import io.streamfleet.commands.line.EntryIdOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StreamOption;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code find}. */
@Command(
    name = "find",
    description = {
      "Find messages by id, channel, trace, field or text, in streams, pending entries and dead"
          + " letters.",
      "",
      "Streams are read from the oldest entry on, in small steps with pauses in between. Use"
          + " --newer-than to read less. Payloads are not printed; use show. Changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  find -f manifest.yaml --channel general --newer-than 1h",
      "  find -f manifest.yaml --trace 4bf92f3577b34da6",
      "  find -f manifest.yaml --field user.id=42 --in dead-letters",
      "  find -f manifest.yaml --text 'hello world' --limit 5"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:found at least one", "1:found none, or Redis failed", "2:bad usage"})
public final class FindCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StreamOption stream = new StreamOption();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--id",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description =
          "The entry with this id. This and the following four options may be given several"
              + " times.")
  private Set<EntryId> ids = new LinkedHashSet<>();

  @Option(names = "--channel", paramLabel = "CHANNEL", description = "Entries of this channel.")
  private Set<String> channels = new LinkedHashSet<>();

  @Option(names = "--trace", paramLabel = "TRACE", description = "Entries with this trace id.")
  private Set<String> traces = new LinkedHashSet<>();

  @Option(
      names = "--field",
      paramLabel = "NAME=VALUE",
      description =
          "Entries with this value in a field of the entry or of its payload; a.b is the field b of"
              + " the field a.")
  private Map<String, String> fields = new LinkedHashMap<>();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "Entries whose payload contains exactly this text.")
  private Set<String> texts = new LinkedHashSet<>();

  @Option(
      names = "--in",
      paramLabel = "WHERE",
      split = ",",
      description =
          "Where to search. streams: all entries; pending: only pending entries; dead-letters"
              + " (default: streams,dead-letters).")
  private Set<String> places = Set.of("streams", "dead-letters");

  @Option(
      names = "--newer-than",
      paramLabel = "AGE",
      converter = DurationOption.class,
      description =
          "Entries published, and dead letters written, within this last period, such as 90s or"
              + " 1h.")
  private @Nullable Duration newerThan;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Stop after so many matches (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(
      names = "--look-at",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Read at most so many entries of each stream (default: ${DEFAULT-VALUE}).")
  private long lookAt = 1_000_000;

  @Override
  public Integer call() {
    Set<Search.Place> where = where();
    if (ids.isEmpty()
        && channels.isEmpty()
        && traces.isEmpty()
        && fields.isEmpty()
        && texts.isEmpty()) {
      throw manifest.bad("pass one of --id, --channel, --trace, --field and --text");
    }
    if (limit < 1 || lookAt < 1) {
      throw manifest.bad("--limit and --look-at must be at least 1");
    }
    StreamConsumerGroupSpec spec = manifest.spec();
    List<ReadStream> streams =
        stream.of(manifest, spec).stream()
            .filter(it -> channels.isEmpty() || channels.stream().anyMatch(it::mayHave))
            .toList();
    Console console = Console.of(command);
    long found;
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Instant now = ServerTime.of(redis.link());
      Table table = new Table(console.out(), Hit.HEAD);
      Search search =
          new Search(
              redis.link(),
              new Wanted(channels, traces, fields, texts),
              ids,
              first(now),
              new Search.Bounds(limit, lookAt),
              console.progress(),
              hit -> {
                if (output.isJson()) {
                  console.out().println(hit.json());
                } else {
                  table.write(List.of(hit.row(now)));
                }
                return !console.out().checkError();
              });
      found = search.everywhere(streams, spec.deadLetter().stream(), where);
      if (!output.isJson()) {
        console.out().println(summary(search, found));
      }
    }
    return found > 0 ? 0 : 1;
  }

  private String summary(Search search, long found) {
    String text =
        Text.number(found) + " found, " + Text.number(search.looked()) + " entries looked at";
    if (found >= limit) {
      return text + "; pass a higher --limit to find more";
    }
    return search.cut()
        ? text + "; there are more entries: pass a higher --look-at, or --newer-than"
        : text;
  }

  private EntryId first(Instant now) {
    Duration age = newerThan;
    return age == null ? EntryId.ZERO : new EntryId(Math.max(0, now.minus(age).toEpochMilli()), 0);
  }

  private Set<Search.Place> where() {
    Set<Search.Place> where = EnumSet.noneOf(Search.Place.class);
    for (String place : places) {
      switch (place) {
        case "streams" -> where.add(Search.Place.STREAMS);
        case "pending" -> where.add(Search.Place.PENDING);
        case "dead-letters" -> where.add(Search.Place.DEAD_LETTERS);
        default ->
            throw manifest.bad("--in must be streams, pending or dead-letters, not " + place);
      }
    }
    return where;
  }
}
