package io.streamfleet.local.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line with all commands. */
@Command(
    name = "streamfleet",
    description = "Runs Streamfleet on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      WorkerCommand.Check.class,
      WorkerCommand.Top.class,
      WorkerCommand.Why.class,
      WorkerCommand.Find.class,
      WorkerCommand.Show.class,
      WorkerCommand.Cancel.class,
      PauseCommand.Pause.class,
      PauseCommand.Resume.class,
      WorkerCommand.Publish.class,
      WorkerCommand.DeadLetters.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class StreamfleetCommand {

  private StreamfleetCommand() {}

  /** The commands, ready to be executed. */
  public static CommandLine line() {
    return new CommandLine(new StreamfleetCommand());
  }
}
