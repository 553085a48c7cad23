package io.streamfleet.commands;

import io.streamfleet.commands.check.CheckCommand;
import io.streamfleet.commands.completion.CompletionCommand;
import io.streamfleet.commands.control.CancelCommand;
import io.streamfleet.commands.control.PauseCommand;
import io.streamfleet.commands.control.SeekCommand;
import io.streamfleet.commands.dlq.DlqCommand;
import io.streamfleet.commands.find.FindCommand;
import io.streamfleet.commands.find.ShowCommand;
import io.streamfleet.commands.inflight.InflightCommand;
import io.streamfleet.commands.line.FailureReport;
import io.streamfleet.commands.line.UsageError;
import io.streamfleet.commands.publish.PublishCommand;
import io.streamfleet.commands.report.ReportCommand;
import io.streamfleet.commands.run.RunCommand;
import io.streamfleet.commands.status.StatusCommand;
import io.streamfleet.commands.top.TopCommand;
import io.streamfleet.commands.why.WhyCommand;
import io.streamfleet.worker.run.OtherCommands;
import io.streamfleet.worker.run.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line of the worker's jar. */
@Command(
    name = "streamfleet-worker",
    description = "Consumes Redis Streams as described by a StreamConsumerGroup manifest.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.VersionLine.class,
    subcommands = {
      RunCommand.class,
      StatusCommand.class,
      CheckCommand.class,
      TopCommand.class,
      InflightCommand.class,
      WhyCommand.class,
      FindCommand.class,
      ShowCommand.class,
      DlqCommand.class,
      CancelCommand.class,
      PauseCommand.Pause.class,
      PauseCommand.Resume.class,
      SeekCommand.class,
      PublishCommand.class,
      ReportCommand.class,
      CompletionCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed at run time", "2:bad usage or bad manifest"})
public final class Commands implements OtherCommands {

  /** Called by the worker's main class for every command line except a plain {@code run}. */
  @Override
  public int execute(String... arguments) {
    return commandLine().execute(arguments);
  }

  /** Returns the root command with all subcommands and the handlers for errors. */
  public static CommandLine commandLine() {
    return new CommandLine(new Commands())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageError())
        .setExecutionExceptionHandler(new FailureReport());
  }

  static final class VersionLine implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"streamfleet-worker " + Version.current()};
    }
  }
}
