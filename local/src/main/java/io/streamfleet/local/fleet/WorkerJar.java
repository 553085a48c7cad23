package io.streamfleet.local.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The worker as the build leaves it, run by the Java that runs this.
 *
 * @param root the root of the repository
 */
public record WorkerJar(Path root) {

  /** The jar that runs alone. */
  public Path jar() {
    return root.resolve("worker/target/streamfleet-worker.jar");
  }

  /** The cache that the build trains, where it did. */
  public Path cache() {
    return root.resolve("worker/target/streamfleet-worker.aot");
  }

  /** The cache serves only the very file that it was trained with: an older one is of no use. */
  public boolean isCached() throws IOException {
    return Files.exists(cache())
        && Files.getLastModifiedTime(cache()).compareTo(Files.getLastModifiedTime(jar())) > 0;
  }

  /** What takes the arguments of a worker, with the cache if there is one that fits. */
  List<String> commandWith(List<String> jvmOptions) throws IOException {
    List<String> options = new ArrayList<>(jvmOptions);
    if (isCached()) {
      options.add("-XX:AOTCache=" + cache());
    }
    return command(options, List.of());
  }

  /**
   * The command line of a worker.
   *
   * @throws NoSuchFileException where the jar has not been built; says how to build it
   */
  public List<String> command(List<String> jvmOptions, List<String> arguments)
      throws NoSuchFileException {
    if (!Files.exists(jar())) {
      throw new NoSuchFileException(
          jar().toString(), null, "build it first: mvn -DskipTests package");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-jar");
    command.add(jar().toString());
    command.addAll(arguments);
    return command;
  }
}
