package io.streamfleet.commands.why;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StreamOption;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.EntryId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code why}. */
@Command(
    name = "why",
    description = {
      "Show where an entry is, which worker has it, what it waits for and what happens next.",
      "",
      "For a channel, shows its oldest pending entry, or else its oldest unread one. Changes"
          + " nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  why -f manifest.yaml 1732372000000-0",
      "  why -f manifest.yaml general                       a channel",
      "  why -f manifest.yaml --channel 1732372000000-0     a channel that looks like an id"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:found",
      "1:no stream and no dead letter has it, or Redis failed",
      "2:bad usage"
    })
public final class WhyCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StreamOption stream = new StreamOption();

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      paramLabel = "ENTRY|CHANNEL",
      description = "The id of an entry, such as 1732372000000-0, or the name of a channel.")
  private String what = "";

  @Option(
      names = "--channel",
      description = "The argument is a channel, even if it looks like an id.")
  private boolean channel;

  @Override
  public Integer call() {
    StreamConsumerGroupSpec spec = manifest.spec();
    List<ReadStream> streams = stream.of(manifest, spec);
    Console console = Console.of(command);
    boolean isId = !channel && Explanation.isEntryId(what);
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      List<Answer> answers =
          isId
              ? Explanation.ofEntry(redis.link(), spec, streams, EntryId.parse(what))
              : Explanation.ofChannel(redis.link(), spec, streams, what, console.progress());
      answers.forEach(answer -> print(console, answer));
      if (answers.isEmpty()) {
        console.err().println(isId ? unknownEntry() : unknownChannel());
        return 1;
      }
    }
    return 0;
  }

  private String unknownEntry() {
    return "no stream of the manifest has entry "
        + what
        + ", and there is no dead letter of it: it was trimmed after it had been handled, or never"
        + " existed";
  }

  private String unknownChannel() {
    return "no entry of channel "
        + Text.printable(what)
        + " waits among the first "
        + Text.number(ChannelSearch.MOST)
        + " pending and as many unread entries of each stream";
  }

  private void print(Console console, Answer answer) {
    if (output.isJson()) {
      console.out().println(answer.json());
      return;
    }
    console.out().println(Text.word(answer.state()).replace('_', ' '));
    answer
        .facts()
        .forEach(
            (name, value) ->
                console.out().printf(Locale.ROOT, "  %-26s %s%n", name, Text.printable(value)));
  }
}
