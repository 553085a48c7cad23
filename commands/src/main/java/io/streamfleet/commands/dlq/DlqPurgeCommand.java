package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputFormat;
import io.streamfleet.commands.line.Text;
import java.util.concurrent.Callable;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dlq purge}. */
@Command(
    name = "purge",
    description =
        "Delete dead letters permanently, except for those written while the command runs.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done, also if no letter matches", "1:Redis failed", "2:bad usage"})
final class DlqPurgeCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    DeadLetterFilter filter = options.filter(manifest, "purge");
    Console console = Console.of(command);
    try (DeadLetterSession session = DeadLetterSession.open(manifest)) {
      if (options.dryRun()) {
        long count =
            DlqListCommand.print(console, session, filter, OutputFormat.TEXT, options.limit());
        console.out().println("would purge " + Text.letters(count));
      } else {
        purge(console, session, filter);
      }
    }
    return 0;
  }

  private void purge(Console console, DeadLetterSession session, DeadLetterFilter filter) {
    long[] purged = {0};
    LongPredicate seen =
        session.telling(console.progress(), () -> ", purged " + Text.number(purged[0]));
    try {
      session
          .letters()
          .walk(
              filter,
              session.streams(),
              options.limit(),
              seen,
              letters -> {
                purged[0] +=
                    session.letters().delete(letters.stream().map(DeadLetter::id).toList());
                return true;
              });
    } finally {
      // In finally, as letters deleted before a failure stay deleted.
      console.out().println("purged " + Text.letters(purged[0]));
    }
  }
}
