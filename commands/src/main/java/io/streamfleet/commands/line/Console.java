package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The output of a command.
 *
 * @param out standard output, for results
 * @param err standard error, for everything else
 */
public record Console(PrintWriter out, PrintWriter err) {

  /**
   * Whether the process runs on a terminal, so that long lines may be shortened. False if standard
   * input or standard output is redirected, as programs need the complete output.
   */
  public static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
  }

  public static Console of(@Nullable CommandSpec command) {
    if (command == null) {
      throw new IllegalStateException("used outside a command");
    }
    return new Console(command.commandLine().getOut(), command.commandLine().getErr());
  }

  public Progress progress() {
    return new Progress(err, System::nanoTime);
  }
}
