package io.streamfleet.worker.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The worker's command line. */
@Command(
    name = "streamfleet-worker",
    description = "Consumes Redis Streams as a StreamConsumerGroup manifest says.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.VersionLine.class,
    subcommands = {RunCommand.class, PublishCommand.class, CancelCommand.class, DlqCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed at run time", "2:bad usage or bad manifest"})
public final class Commands {

  private Commands() {}

  /** The commands, ready to be executed. */
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
