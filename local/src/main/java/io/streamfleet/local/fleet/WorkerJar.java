package io.streamfleet.local.fleet;

import io.streamfleet.worker.Main;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The worker's jar, run by the same Java as this process.
 *
 * @param root the root of the repository
 */
public record WorkerJar(Path root) {

  /** The executable jar. */
  public Path jar() {
    return root.resolve("worker/target/streamfleet-worker.jar");
  }

  /** The AOT cache, if the build trained one. */
  public Path cache() {
    return root.resolve("worker/target/streamfleet-worker.aot");
  }

  /** A cache is only valid for the jar that it was trained with, so an older one is useless. */
  public boolean isCached() throws IOException {
    return Files.exists(cache())
        && Files.getLastModifiedTime(cache()).compareTo(Files.getLastModifiedTime(jar())) > 0;
  }

  /**
   * The command of a worker without its arguments, with the cache if there is a valid one.
   *
   * @param handlers further class path; after the jar, so that the cache stays valid
   */
  List<String> commandWith(List<String> jvmOptions, List<Path> handlers) throws IOException {
    List<String> options = new ArrayList<>(jvmOptions);
    if (isCached()) {
      options.add("-XX:AOTCache=" + cache());
    }
    if (handlers.isEmpty()) {
      return command(options, List.of());
    }
    List<String> command = java(options);
    command.add("-cp");
    command.add(
        Stream.concat(Stream.of(jar()), handlers.stream().map(Path::toAbsolutePath))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(Main.class.getName());
    return command;
  }

  /**
   * The command line of a worker.
   *
   * @throws NoSuchFileException if the jar has not been built; says how to build it
   */
  public List<String> command(List<String> jvmOptions, List<String> arguments)
      throws NoSuchFileException {
    List<String> command = java(jvmOptions);
    command.add("-jar");
    command.add(jar().toString());
    command.addAll(arguments);
    return command;
  }

  private List<String> java(List<String> options) throws NoSuchFileException {
    if (!Files.exists(jar())) {
      throw new NoSuchFileException(
          jar().toString(), null, "build it first: mvn -DskipTests package");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    return command;
  }
}
