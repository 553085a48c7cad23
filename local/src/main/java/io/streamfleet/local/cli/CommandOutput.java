package io.streamfleet.local.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The output of a command, line by line.
 *
 * @param name of the command, in front of each line
 */
record CommandOutput(PrintWriter out, PrintWriter err, String name) {

  static CommandOutput of(@Nullable CommandSpec command) {
    CommandSpec spec = Objects.requireNonNull(command, "used outside a command");
    return new CommandOutput(spec.commandLine().getOut(), spec.commandLine().getErr(), spec.name());
  }

  String prefix() {
    return name + ": ";
  }

  void say(String line) {
    out.println(prefix() + line);
    out.flush();
  }

  /** Prints an error; several lines are one message. */
  void complain(String message) {
    err.println(prefix() + message);
    err.flush();
  }
}
