package io.streamfleet.commands.completion;

import io.streamfleet.commands.line.Console;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}. */
@Command(
    name = "completion",
    description = "Print a script that makes a shell complete commands and options.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(streamfleet-worker completion bash)",
      "  source <(streamfleet-worker completion zsh)          after: autoload -U compinit;"
          + " compinit",
      "  streamfleet-worker completion fish | source",
      "",
      "streamfleet-worker is a script or an alias for: java -jar streamfleet-worker.jar"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:printed", "2:bad usage"})
public final class CompletionCommand implements Callable<Integer> {

  /** The shells that are supported. */
  private enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Spec private @Nullable CommandSpec command;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "streamfleet-worker",
      description = "The name of the program to complete (default: ${DEFAULT-VALUE}).")
  private String name = "streamfleet-worker";

  @Override
  public Integer call() {
    Console console = Console.of(command);
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("used outside a command");
    }
    CommandLine commands = spec.root().commandLine();
    console
        .out()
        .print(
            switch (shell) {
              // Picocli's script works in both shells: in zsh it loads bashcompinit.
              case BASH, ZSH -> AutoComplete.bash(name, commands);
              case FISH -> FishCompletion.of(name.toLowerCase(Locale.ROOT), commands);
            });
    console.out().flush();
    return 0;
  }
}
