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
public record ShippedWorker(Path jar) implements Crew {

  /** A fleet of several has to fit into a small machine; the collector is that of the image. */
  private static final List<String> SMALL = List.of("-Xmx96m", "-XX:+UseSerialGC");

  @Override
  public Workers gather(
      Journal journal, RedisPlace redis, HandlerServer handler, Manifest manifest, Path folder) {
    return new ProcessWorkers(journal, redis, handler, this, manifest, folder);
  }

  List<String> command(Path manifest, String name) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    Path cache = Path.of(jar.toString().replaceFirst("\\.jar$", ".aot"));
    if (Files.exists(jar)) {
      if (Files.exists(cache)) {
        command.add("-XX:AOTCache=" + cache);
      }
      command.addAll(List.of("-jar", jar.toString()));
    } else {
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "io.streamfleet.worker.Main"));
    }
    command.addAll(
        List.of(
            "run",
            "-f",
            manifest.toString(),
            "--consumer",
            name,
            "--host",
            "127.0.0.1",
            "--port",
            "0"));
    return command;
  }
}
