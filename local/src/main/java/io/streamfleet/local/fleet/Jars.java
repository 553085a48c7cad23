package io.streamfleet.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The jars that the build made, and the commands that run them.
 *
 * @param root the root of the repository
 */
record Jars(Path root) {

  /** Many workers share a laptop, so each gets a small heap. */
  private static final String WORKER_HEAP = "-Xmx128m";

  private static final String OPERATOR_HEAP = "-Xmx192m";

  private static final String CONSOLE_HEAP = "-Xmx64m";

  /** A killed process would leave its performance data file in the temporary folder. */
  private static final String NO_FILE = "-XX:-UsePerfData";

  /**
   * With the JVM options of the image, except for the heap.
   *
   * @param handlers further class path
   */
  List<String> worker(List<Path> handlers) {
    try {
      return new WorkerJar(root.toAbsolutePath())
          .commandWith(List.of("@" + options("worker"), WORKER_HEAP, NO_FILE), handlers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the JVM options of the image, except for the heap. */
  List<String> operator() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + options("operator"),
        OPERATOR_HEAP,
        NO_FILE,
        "-jar",
        operatorJar().toString());
  }

  /** With the JVM options of the image, except for the heap. */
  List<String> console() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + options("console"),
        CONSOLE_HEAP,
        NO_FILE,
        "-jar",
        consoleJar().toString());
  }

  private Path consoleJar() {
    return root.toAbsolutePath().resolve("console/target/streamfleet-console.jar");
  }

  private Path options(String module) {
    return root.toAbsolutePath().resolve(module).resolve("jvm.options");
  }

  private Path operatorJar() {
    return root.toAbsolutePath().resolve("operator/target/streamfleet-operator.jar");
  }

  String definition() {
    try {
      return Files.readString(root.resolve("crds/streamconsumergroups.streamfleet.io.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the CustomResourceDefinition", e);
    }
  }

  /**
   * Checks that the jars exist.
   *
   * @param console whether that of the console is needed
   * @throws LocalFailure if not
   */
  void require(boolean console) {
    List<Path> jars = new ArrayList<>(List.of(new WorkerJar(root).jar(), operatorJar()));
    if (console) {
      jars.add(consoleJar());
    }
    for (Path jar : jars) {
      if (!Files.exists(jar)) {
        throw LocalFailure.machine(
            "there is no %s: build it first, by ./streamfleet up or mvn -DskipTests package"
                .formatted(jar));
      }
    }
  }
}
