package io.streamfleet.commands.dlq;

import picocli.CommandLine.Command;

/** {@code dlq}: commands for dead letters. */
@Command(
    name = "dlq",
    description = "List, replay and delete dead letters.",
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
