package io.streamfleet.torture.testbed;

import io.streamfleet.torture.plan.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The worker as shipped.
 *
 * @param jar its jar; if it is missing, the worker runs from this process's class path
 */
public record ShippedWorker(Path jar) implements Crew {

  /**
   * Several workers have to fit into a small machine, and with a lifetime of a minute most of their
   * CPU time would go into JIT compilation; the collector is that of the image.
   */
  private static final List<String> JVM_OPTIONS =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** The capacity of a pipe on Linux (pipe(7)). */
  private static final int PIPE_BYTES = 65_536;

  @Override
  public Workers gather(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      Manifest manifest,
      Set<Part> parts,
      Path folder) {
    return new ProcessWorkers(
        journal, redis, handler, this, manifest, parts.contains(Part.NESTED_NAMES), folder);
  }

  List<String> command(Path manifest, String name) {
    if (!Files.exists(jar)) {
      return fromClassPath(manifest, name);
    }
    List<String> command = java();
    Path cache = Path.of(jar.toString().replaceFirst("\\.jar$", ".aot"));
    if (Files.exists(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(run(manifest, name));
    return command;
  }

  /** The worker with this process's class path. */
  static List<String> fromClassPath(Path manifest, String name) {
    List<String> command = java();
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "io.streamfleet.worker.Main"));
    command.addAll(run(manifest, name));
    return command;
  }

  /** A program whose output is a pipe that is full from the start. */
  static List<String> intoFullPipe(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of("sh", "-c", "head -c " + PIPE_BYTES + " /dev/zero && exec \"$@\"", "sh"));
    all.addAll(command);
    return all;
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    return command;
  }

  private static List<String> run(Path manifest, String name) {
    return List.of(
        "run", "-f", manifest.toString(), "--consumer", name, "--host", "127.0.0.1", "--port", "0");
  }
}
