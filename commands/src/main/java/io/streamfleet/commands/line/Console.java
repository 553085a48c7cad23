package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command writes: results to standard output, everything else to standard error. */
public record Console(PrintWriter out, PrintWriter err) {

  /**
   * Whether a person reads the results where lines have an end: what is piped or kept is read by
   * programs, and nothing may be cut there. A console counts as one only if both its ends are a
   * terminal.
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
