package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.line.ManifestOptions;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that change dead letters: which letters, and whether it is a dry run. */
final class ChangeOptions {

  @Mixin private final FilterOptions filters = new FilterOptions();

  @Option(names = "--all", description = "All dead letters; needed if no filter is given.")
  private boolean all;

  @Option(names = "--dry-run", description = "Change nothing, only list the selected letters.")
  private boolean dryRun;

  /**
   * The letters to change. Without a filter the user has to pass {@code --all}, so that a forgotten
   * filter does not change everything.
   *
   * @param verb what the command does with them, for the message of the error
   * @throws picocli.CommandLine.ParameterException if neither or both are given
   */
  DeadLetterFilter filter(ManifestOptions manifest, String verb) {
    DeadLetterFilter filter = filters.filter(manifest);
    if (filter.isEmpty() && !all) {
      throw manifest.bad(
          "select the dead letters to " + verb + " with a filter such as --stream, or pass --all");
    }
    if (!filter.isEmpty() && all) {
      throw manifest.bad("--all and a filter contradict each other: leave one out");
    }
    return filter;
  }

  boolean dryRun() {
    return dryRun;
  }

  long limit() {
    return filters.limit();
  }

  Set<String> streams() {
    return filters.streams();
  }
}
