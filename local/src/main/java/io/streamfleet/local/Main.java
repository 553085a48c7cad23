package io.streamfleet.local;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line behind {@code ./streamfleet}, apart from the worker's own. */
@Command(
    name = "streamfleet",
    description = "Runs Streamfleet on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {Quickstart.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // msgpack's other buffer uses sun.misc.Unsafe, of which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
