package io.streamfleet.commands.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.DurationOption;
import io.streamfleet.commands.line.EntryIdOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StreamOption;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code seek}. */
@Command(
    name = "seek",
    description = {
      "Set the position of a stream's group to a time or an entry, from where it continues to"
          + " read.",
      "",
      "Without --yes nothing is changed; the command only prints how many entries would be skipped"
          + " or read again. Skipped entries are not handled and do not become dead letters;"
          + " entries that are read again are handled again. Pending entries stay pending. Pause"
          + " the stream first, so that workers do not read meanwhile."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  seek -f manifest.yaml --stream sg:stream:inbound --back 1h          prints what would be"
          + " read again",
      "  seek -f manifest.yaml --stream sg:stream:inbound --back 1h --yes    moves the group",
      "  seek -f manifest.yaml --to-time 2026-11-30T03:00:00Z",
      "  seek -f manifest.yaml --to-end                                      skips all unread"
          + " entries"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done; without --yes, printed",
      "1:the group does not exist, or Redis failed; the right +xgroup|setid is needed",
      "2:bad usage"
    })
public final class SeekCommand implements Callable<Integer> {

  /**
   * The most entries that are counted, which takes some seconds; the output says if there are more.
   */
  private static final int MOST = 100_000;

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StreamOption stream = new StreamOption();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--to-id",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description = "Continue with the entry after this one.")
  private @Nullable EntryId toId;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description =
          "Continue with the first entry published at this time or later, such as"
              + " 2026-11-30T03:00:00Z.")
  private @Nullable String toTime;

  @Option(
      names = "--back",
      paramLabel = "AGE",
      converter = DurationOption.class,
      description = "Read again the entries published in this last period, such as 1h.")
  private @Nullable Duration back;

  @Option(names = "--to-start", description = "Read the whole stream again.")
  private boolean toStart;

  @Option(names = "--to-end", description = "Skip all unread entries.")
  private boolean toEnd;

  @Option(names = "--yes", description = "Move the group; without it, only print the effect.")
  private boolean yes;

  /** The entries between the current position of the group and the new one. */
  private record Distance(boolean backwards, long entries, boolean more) {

    String text(boolean done) {
      String count = (more ? "more than " : "") + Text.number(entries);
      String entries = this.entries == 1 && !more ? " entry" : " entries";
      return backwards
          ? count + entries + (done ? " are read again" : " would be read again")
          : count + entries + (done ? " were skipped" : " would be skipped");
    }
  }

  @Override
  public Integer call() {
    StreamConsumerGroupSpec spec = manifest.spec();
    requireOneTarget();
    List<ReadStream> streams = stream.of(manifest, spec);
    if (streams.size() != 1) {
      throw manifest.bad(
          "name one stream by --stream: "
              + String.join(", ", streams.stream().map(ReadStream::stream).toList()));
    }
    ReadStream read = streams.getFirst();
    Console console = Console.of(command);
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Link link = redis.link();
      Optional<Consumers> group = Consumers.of(link, read.group());
      Optional<EntryId> from = group.flatMap(Consumers::lastDelivered);
      if (from.isEmpty()) {
        console
            .err()
            .println("group " + read.group().group() + " of " + read.stream() + " does not exist");
        return 1;
      }
      EntryId to = target(link, read);
      Distance distance = distance(link, read, from.get(), to, console);
      warn(console, spec, read, group.get());
      if (yes) {
        RedisReply.of(
            () ->
                link.status(
                    CommandType.XGROUP,
                    Link.args()
                        .add("SETID")
                        .addKey(read.stream())
                        .add(read.group().group())
                        .add(to.toString())));
      }
      print(console, read, from.get(), to, distance);
    }
    return 0;
  }

  private void requireOneTarget() {
    long targets =
        Stream.of(toId != null, toTime != null, back != null, toStart, toEnd)
            .filter(given -> given)
            .count();
    if (targets != 1) {
      throw manifest.bad("pass one of --to-id, --to-time, --back, --to-start and --to-end");
    }
  }

  /** The new position: the id after which the group continues to read. */
  private EntryId target(Link link, ReadStream read) {
    EntryId id = toId;
    if (id != null) {
      return id;
    }
    if (toStart) {
      return EntryId.ZERO;
    }
    if (toEnd) {
      return last(link, read);
    }
    Instant time = time(link);
    long millis = Math.max(0, time.toEpochMilli());
    return millis == 0 ? EntryId.ZERO : new EntryId(millis - 1, -1);
  }

  private Instant time(Link link) {
    Duration age = back;
    if (age != null) {
      return ServerTime.of(link).minus(age);
    }
    try {
      return Instant.parse(String.valueOf(toTime));
    } catch (DateTimeParseException e) {
      throw manifest.bad("'" + toTime + "' is not a time such as 2026-11-30T03:00:00Z");
    }
  }

  private static EntryId last(Link link, ReadStream read) {
    return RedisReply.of(
            () ->
                link.list(
                    CommandType.XREVRANGE,
                    Link.args().addKey(read.stream()).add("+").add("-").add("COUNT").add(1)))
        .stream()
        .map(row -> StreamEntry.of(row).id())
        .findFirst()
        .orElse(EntryId.ZERO);
  }

  private static Distance distance(
      Link link, ReadStream read, EntryId from, EntryId to, Console console) {
    boolean backwards = to.compareTo(from) < 0;
    EntryId first = EntryPages.after(backwards ? to : from);
    EntryId last = backwards ? from : to;
    EntryPages pages = new EntryPages(link, read.stream());
    Progress progress = console.progress();
    long counted = 0;
    while (counted < MOST && first.compareTo(last) <= 0) {
      List<StreamEntry> page = pages.read(first, last);
      if (page.isEmpty()) {
        return new Distance(backwards, counted, false);
      }
      counted += page.size();
      long sofar = counted;
      progress.at(() -> "counted " + Text.number(sofar) + " entries");
      first = EntryPages.after(page.getLast().id());
    }
    return new Distance(backwards, counted, counted >= MOST);
  }

  private static void warn(
      Console console, StreamConsumerGroupSpec spec, ReadStream read, Consumers group) {
    long alive = group.all().stream().filter(it -> Consumers.isAlive(spec, it)).count();
    if (alive > 0 && !read.paused()) {
      console
          .err()
          .println(
              "the manifest does not pause this stream, and consumers read it: they continue at the"
                  + " new position at once");
    }
  }

  private void print(
      Console console, ReadStream read, EntryId from, EntryId to, Distance distance) {
    if (output.isJson()) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("stream", read.stream());
      json.put("group", read.group().group());
      json.put("from", from.toString());
      json.put("to", to.toString());
      json.put(distance.backwards() ? "read_again" : "skipped", distance.entries());
      json.put("more", distance.more());
      json.put("done", yes);
      console.out().println(json);
      return;
    }
    console
        .out()
        .println(
            "group "
                + read.group().group()
                + " of "
                + read.stream()
                + (yes ? " was moved from " : " is at ")
                + from
                + (yes ? " to " : ", would be moved to ")
                + to
                + ": "
                + distance.text(yes)
                + (yes ? "" : "; pass --yes to move it"));
  }
}
