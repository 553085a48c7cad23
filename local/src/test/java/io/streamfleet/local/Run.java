package io.streamfleet.local;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What a quickstart printed, and the status that it ended with. */
record Run(int status, String output) {

  /** The worker of this build; there is none where the phase `package` has not been reached. */
  static WorkerJar worker() {
    WorkerJar worker = new WorkerJar(Path.of(System.getProperty("repository.root", "..")));
    assumeThat(worker.jar()).as("made by the phase package: call mvn verify").exists();
    return worker;
  }

  static Run quickstart(String... options) {
    StringWriter output = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--root=" + worker().root());
    int status =
        new CommandLine(new Quickstart())
            .setOut(new PrintWriter(output))
            .setErr(new PrintWriter(output))
            .execute(arguments.toArray(String[]::new));
    return new Run(status, output.toString());
  }
}
