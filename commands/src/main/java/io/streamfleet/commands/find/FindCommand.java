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
      "Find messages by id, channel, trace, field or text: in streams, among pending entries and"
          + " dead letters.",
      "",
      "Streams are read in small steps, the oldest first, and Redis rests between two of them."
          + " Narrow it by --newer-than. Payloads are not printed: show does that. Reads only."
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
    exitCodeList = {"0:some were found", "1:none was found, or Redis failed", "2:bad usage"})
public final class FindCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StreamOption stream = new StreamOption();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--id",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description = "The entry of this id; may be given several times, as all that follow.")
  private Set<EntryId> ids = new LinkedHashSet<>();

  @Option(names = "--channel", paramLabel = "CHANNEL", description = "Entries of this channel.")
  private Set<String> channels = new LinkedHashSet<>();

  @Option(names = "--trace", paramLabel = "TRACE", description = "Entries of this trace id.")
  private Set<String> traces = new LinkedHashSet<>();

  @Option(
      names = "--field",
      paramLabel = "NAME=VALUE",
      description =
          "Entries that have this value in a field of theirs, or of their payload; a.b is the field"
              + " b of a.")
  private Map<String, String> fields = new LinkedHashMap<>();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "Entries whose payload has this text, as it is spelled there.")
  private Set<String> texts = new LinkedHashSet<>();

  @Option(
      names = "--in",
      paramLabel = "WHERE",
      split = ",",
      description =
          "streams: all that streams hold; pending: only what a worker has; dead-letters (default:"
              + " streams,dead-letters).")
  private Set<String> places = Set.of("streams", "dead-letters");

  @Option(
      names = "--newer-than",
      paramLabel = "AGE",
      converter = DurationOption.class,
      description = "Those that were published, or died, at most so long ago, such as 90s or 1h.")
  private @Nullable Duration newerThan;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "It ends when so many were found (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(
      names = "--look-at",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "It ends when so many were looked at in a stream (default: ${DEFAULT-VALUE}).")
  private long lookAt = 1_000_000;

  @Override
  public Integer call() {
    Set<Search.Place> where = where();
    if (ids.isEmpty()
        && channels.isEmpty()
        && traces.isEmpty()
        && fields.isEmpty()
        && texts.isEmpty()) {
      throw manifest.bad("say what to find: --id, --channel, --trace, --field or --text");
    }
    if (limit < 1 || lookAt < 1) {
      throw manifest.bad("--limit and --look-at must be at least 1");
    }
    StreamConsumerGroupSpec spec = manifest.spec();
    List<ReadStream> streams = stream.of(manifest, spec);
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
        console.out().println(told(search, found));
      }
    }
    return found > 0 ? 0 : 1;
  }

  private String told(Search search, long found) {
    String told =
        Text.number(found) + " found, " + Text.number(search.looked()) + " entries looked at";
    if (found >= limit) {
      return told + "; --limit shows more";
    }
    return search.cut() ? told + "; more are there: --look-at or --newer-than" : told;
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
        default -> throw manifest.bad("--in takes streams, pending and dead-letters, not " + place);
      }
    }
    return where;
  }
}
