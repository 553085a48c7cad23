package io.streamfleet.worker.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command writes: results to standard output, everything else to standard error. */
record Console(PrintWriter out, PrintWriter err) {

  static Console of(@Nullable CommandSpec command) {
    if (command == null) {
      throw new IllegalStateException("used outside a command");
    }
    return new Console(command.commandLine().getOut(), command.commandLine().getErr());
  }

  Progress progress() {
    return new Progress(err, System::nanoTime);
  }
}
