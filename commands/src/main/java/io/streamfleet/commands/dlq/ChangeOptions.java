package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.line.ManifestOptions;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a command is told that changes dead letters: which of them, and whether in earnest. */
final class ChangeOptions {

  @Mixin private final FilterOptions filters = new FilterOptions();

  @Option(names = "--all", description = "All dead letters, where no filter is given.")
  private boolean all;

  @Option(names = "--dry-run", description = "Change nothing: only list what is meant.")
  private boolean dryRun;

  /**
   * Which letters are meant: nothing given must not mean everything.
   *
   * @param verb what is to be done with them
   */
  DeadLetterFilter filter(ManifestOptions manifest, String verb) {
    DeadLetterFilter filter = filters.filter(manifest);
    if (filter.isEmpty() && !all) {
      throw manifest.bad(
          "say which dead letters to " + verb + " by a filter such as --stream, or pass --all");
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
