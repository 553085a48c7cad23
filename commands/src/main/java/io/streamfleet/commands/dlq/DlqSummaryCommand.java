package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlq summary}. */
@Command(
    name = "summary",
    description = {
      "Count dead letters in groups with common properties, the largest group first.",
      "",
      "Errors that differ only in numbers are one group. Each group names its newest letter, for"
          + " dlq show. Changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  dlq summary -f manifest.yaml                       by reason and error",
      "  dlq summary -f manifest.yaml --by channel --limit 5",
      "  dlq summary -f manifest.yaml --by hour,reason --newer-than 36h"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done, also when there are none", "1:Redis failed", "2:bad usage"})
final class DlqSummaryCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final FilterOptions filters = new FilterOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      split = ",",
      description =
          "The properties to group by, some of: reason, error, channel, hour, stream, consumer"
              + " (default: reason,error).")
  private Set<DeadLetterGroups.By> by =
      new LinkedHashSet<>(List.of(DeadLetterGroups.By.REASON, DeadLetterGroups.By.ERROR));

  @Option(
      names = "--groups",
      paramLabel = "N",
      defaultValue = "20",
      description = "The most groups to list (default: ${DEFAULT-VALUE}).")
  private int most = 20;

  @Override
  public Integer call() {
    DeadLetterFilter filter = filters.filter(manifest);
    Console console = Console.of(command);
    try (DeadLetterSession session = DeadLetterSession.open(manifest)) {
      DeadLetterGroups groups = new DeadLetterGroups(List.copyOf(by), session.streams());
      session
          .letters()
          .walk(
              filter,
              session.streams(),
              filters.limit(),
              session.telling(console.progress(), () -> ""),
              letters -> {
                letters.forEach(groups::add);
                return true;
              });
      print(console, session, groups);
    }
    return 0;
  }

  private void print(Console console, DeadLetterSession session, DeadLetterGroups groups) {
    List<DeadLetterGroups.Group> largest = groups.largest(most);
    if (output.isJson()) {
      largest.forEach(group -> console.out().println(group.json(groups.by())));
      return;
    }
    if (!largest.isEmpty()) {
      new Table(console.out(), groups.head())
          .write(largest.stream().map(it -> it.row(session.letters().now())).toList());
    }
    console
        .out()
        .println(
            Text.letters(groups.letters())
                + " in "
                + Text.number(groups.count())
                + (groups.count() == 1 ? " group" : " groups")
                + " of "
                + session.letters().key());
  }
}
