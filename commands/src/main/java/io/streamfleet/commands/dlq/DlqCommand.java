package io.streamfleet.commands.dlq;

import picocli.CommandLine.Command;

/** {@code dlq}: what became of entries that could not be handled. */
@Command(
    name = "dlq",
    description = "Look at dead letters, send them back to their streams, or throw them away.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DlqSummaryCommand.class,
      DlqListCommand.class,
      DlqShowCommand.class,
      DlqReplayCommand.class,
      DlqPurgeCommand.class
    })
public final class DlqCommand {}
