package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputFormat;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.Text;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dlq list}. */
@Command(
    name = "list",
    description = "List dead letters, the oldest first, without their payloads.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done, also when there are none", "1:Redis failed", "2:bad usage"})
final class DlqListCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final FilterOptions filters = new FilterOptions();

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    DeadLetterFilter filter = filters.filter(manifest);
    Console console = Console.of(command);
    try (DeadLetterSession session = DeadLetterSession.open(manifest)) {
      long listed = print(console, session, filter, output.format(), filters.limit());
      if (!output.isJson()) {
        console.out().println(summary(listed, filter, session));
      }
    }
    return 0;
  }

  /**
   * Prints the letters that match the filter, and returns their number. Stops if the output can't
   * be written, as when the reader of a pipe has ended.
   */
  static long print(
      Console console,
      DeadLetterSession session,
      DeadLetterFilter filter,
      OutputFormat output,
      long limit) {
    PrintWriter out = console.out();
    DeadLetterFormat writer =
        switch (output) {
          case TEXT ->
              new DeadLetterTable(
                  out, session.streams(), session.letters().now(), Console.isTerminal());
          case JSON -> new DeadLetterJsonLines(out, session.streams());
        };
    Progress progress = console.progress();
    long[] listed = {0};
    session
        .letters()
        .walk(
            filter,
            session.streams(),
            limit,
            session.telling(progress, () -> ""),
            letters -> {
              writer.write(letters);
              listed[0] += letters.size();
              progress.spoken();
              return !out.checkError();
            });
    return listed[0];
  }

  private String summary(long listed, DeadLetterFilter filter, DeadLetterSession session) {
    String where = session.letters().key();
    long total = session.letters().length();
    if (total == 0) {
      return "no dead letters in " + where;
    }
    if (filter.isEmpty() && listed >= total) {
      return Text.letters(listed) + " in " + where;
    }
    String verb = listed >= filters.limit() ? " shown" : listed == 1 ? " fits" : " fit";
    return Text.number(listed) + verb + ", of " + Text.letters(total) + " in " + where;
  }
}
