package io.streamfleet.worker;

import io.streamfleet.worker.cli.DlqCommand;
import io.streamfleet.worker.cli.FailureReport;
import io.streamfleet.worker.cli.PublishCommand;
import io.streamfleet.worker.cli.RunCommand;
import io.streamfleet.worker.cli.UsageError;
import io.streamfleet.worker.cli.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The worker's command line. */
@Command(
    name = "streamfleet-worker",
    description = "Consumes Redis Streams as a StreamConsumerGroup manifest says.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {RunCommand.class, PublishCommand.class, DlqCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed at run time", "2:bad usage or bad manifest"})
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // msgpack's other buffer uses sun.misc.Unsafe, of which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    // A scrape waits for no second packet.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(commandLine().execute(args));
  }

  /** The commands, ready to be executed. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageError())
        .setExecutionExceptionHandler(new FailureReport());
  }
}
