package io.streamfleet.worker.cli;

import io.streamfleet.worker.deadletter.DeadLetter;
import io.streamfleet.worker.deadletter.LetterFilter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlq purge}. */
@Command(
    name = "purge",
    description = "Delete dead letters for good. Those that come in meanwhile stay.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done, also when nothing fits", "1:Redis failed", "2:bad usage"})
final class DlqPurgeCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final FilterOptions filters = new FilterOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(names = "--all", description = "All dead letters, where no filter is given.")
  private boolean all;

  @Option(names = "--dry-run", description = "Only list what would be purged.")
  private boolean dryRun;

  @Override
  public Integer call() {
    LetterFilter filter = filters.deliberate(manifest, all, "purge");
    Console console = Console.of(command);
    try (DeadLetterSession session = DeadLetterSession.open(manifest)) {
      if (dryRun) {
        long count =
            DlqListCommand.print(console, session, filter, OutputFormat.TEXT, filters.limit());
        console.out().println("would purge " + Text.letters(count));
      } else {
        purge(console, session, filter);
      }
    }
    return 0;
  }

  private void purge(Console console, DeadLetterSession session, LetterFilter filter) {
    Progress progress = console.progress();
    long total = session.letters().length();
    long[] purged = {0};
    try {
      session
          .letters()
          .walk(
              filter,
              session.streams(),
              filters.limit(),
              looked ->
                  progress.at(
                      () ->
                          "looked at "
                              + Text.number(looked)
                              + " of "
                              + Text.letters(total)
                              + ", purged "
                              + Text.number(purged[0])),
              letters -> {
                purged[0] +=
                    session.letters().delete(letters.stream().map(DeadLetter::id).toList());
                return true;
              });
    } finally {
      // What was deleted before a failure stays deleted: say how much.
      console.out().println("purged " + Text.letters(purged[0]));
    }
  }
}
