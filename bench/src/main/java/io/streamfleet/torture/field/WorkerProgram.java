package io.streamfleet.torture.field;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The worker as it is shipped.
 *
 * @param jar its jar; where there is none, it is run from this process's class path
 */
public record WorkerProgram(Path jar) {

  /** A fleet of several has to fit into a small machine. */
  private static final List<String> SMALL = List.of("-Xmx96m", "-XX:TieredStopAtLevel=1");

  List<String> command(Path manifest, String name) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path cache = Path.of(jar.toString().replaceFirst("\\.jar$", ".aot"));
    if (Files.exists(jar)) {
      command.add("-Xmx96m");
      if (Files.exists(cache)) {
        command.add("-XX:AOTCache=" + cache);
      }
      command.addAll(List.of("-jar", jar.toString()));
    } else {
      command.addAll(SMALL);
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "io.streamfleet.worker.Main"));
    }
    command.addAll(List.of("run", "-f", manifest.toString(), "--consumer", name, "--port", "0"));
    return command;
  }
}
