package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.EntryIdOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.redis.EntryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dlq show}. */
@Command(
    name = "show",
    description = "Print dead letters with all their fields, and their payloads as JSON.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all letters were found",
      "1:a letter was not found, or Redis failed",
      "2:bad usage"
    })
final class DlqShowCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      arity = "1..*",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description = "Ids of dead letters, the first column of dlq list.")
  private List<EntryId> ids = new ArrayList<>();

  @Override
  public Integer call() {
    Console console = Console.of(command);
    boolean allFound = true;
    try (DeadLetterSession session = DeadLetterSession.open(manifest)) {
      DeadLetterDetails details = new DeadLetterDetails(console.out(), session.streams());
      Instant now = session.letters().now();
      boolean first = true;
      for (EntryId id : ids) {
        Optional<DeadLetter> letter = session.letters().letter(id);
        if (letter.isEmpty()) {
          allFound = false;
          console
              .err()
              .println(
                  "there is no dead letter "
                      + id
                      + " in "
                      + session.letters().key()
                      + "; if that is an entry's id, find its letter by dlq list --original-id "
                      + id);
          continue;
        }
        if (output.isJson()) {
          details.printJson(letter.get());
        } else {
          if (!first) {
            console.out().println();
          }
          details.print(letter.get(), now);
        }
        first = false;
      }
    }
    return allFound ? 0 : 1;
  }
}
