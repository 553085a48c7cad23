package io.streamfleet.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the build has made, and how it is run here.
 *
 * @param root the root of the repository
 */
record Jars(Path root) {

  /** Many workers share a laptop: a fleet of three takes half a gigabyte. */
  private static final List<String> WORKER_OPTIONS =
      List.of("-Xmx128m", "-XX:-UsePerfData");

  private static final List<String> OPERATOR_OPTIONS =
      List.of(
          "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-jar");

  List<String> worker() {
    try {
      return new WorkerJar(root.toAbsolutePath()).commandWith(WORKER_OPTIONS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> operator() {
    Path jar = operatorJar();
    return java.util.stream.Stream.of(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
            OPERATOR_OPTIONS,
            List.of(jar.toString()))
        .flatMap(List::stream)
        .toList();
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
   * Sees that all is there.
   *
   * @throws LocalFailure if not
   */
  void require() {
    for (Path jar : List.of(new WorkerJar(root).jar(), operatorJar())) {
      if (!Files.exists(jar)) {
        throw LocalFailure.machine(
            "there is no %s: build it first, by ./streamfleet up or mvn -DskipTests package"
                .formatted(jar));
      }
    }
  }
}
