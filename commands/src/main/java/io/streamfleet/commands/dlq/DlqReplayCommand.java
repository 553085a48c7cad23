package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.deadletter.Replay;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.Text;
import java.util.concurrent.Callable;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dlq replay}. */
@Command(
    name = "replay",
    description = {
      "Append dead letters to the streams they were read from, and delete them from the dead-letter"
          + " stream.",
      "",
      "Each becomes a new entry, whose attempts start at one again. Each letter is replayed once,"
          + " even if several people replay at the same time. Entries that become dead letters"
          + " again meanwhile are not replayed again."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done, also if no letter matches",
      "1:some letters can't be replayed and stay, or Redis failed; it is safe to run it again",
      "2:bad usage"
    })
final class DlqReplayCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    DeadLetterFilter filter = options.filter(manifest, "replay");
    Console console = Console.of(command);
    ReplaySummary tally = new ReplaySummary();
    try (DeadLetterSession session = DeadLetterSession.open(manifest)) {
      Replay replay =
          new Replay(
              session.redis().link(), session.letters(), session.streams(), options.streams());
      if (options.dryRun()) {
        rehearse(console, session, filter, replay, tally);
      } else {
        perform(console, session, filter, replay, tally);
      }
    }
    return tally.refused() == 0 ? 0 : 1;
  }

  private void rehearse(
      Console console,
      DeadLetterSession session,
      DeadLetterFilter filter,
      Replay replay,
      ReplaySummary tally) {
    DeadLetterTable table =
        new DeadLetterTable(
            console.out(), session.streams(), session.letters().now(), Console.isTerminal());
    session
        .letters()
        .walk(
            filter,
            session.streams(),
            options.limit(),
            looked -> true,
            letters -> {
              table.write(letters);
              for (DeadLetter letter : letters) {
                tally.would(letter, replay.refusal(letter));
              }
              return !console.out().checkError();
            });
    tally.print(console, "would replay ");
  }

  private void perform(
      Console console,
      DeadLetterSession session,
      DeadLetterFilter filter,
      Replay replay,
      ReplaySummary tally) {
    LongPredicate seen =
        session.telling(console.progress(), () -> ", replayed " + Text.number(tally.replayed()));
    try {
      session
          .letters()
          .walk(
              filter,
              session.streams(),
              options.limit(),
              seen,
              letters -> {
                replay.replay(letters, tally::add);
                return true;
              });
    } finally {
      // In finally, as letters replayed before a failure stay replayed.
      tally.print(console, "replayed ");
    }
  }
}
