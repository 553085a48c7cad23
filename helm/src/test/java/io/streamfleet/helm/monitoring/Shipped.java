package io.streamfleet.helm.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that are tested here. */
final class Shipped {

  static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  private static final Path CHART = ROOT.resolve("helm/streamfleet");

  private Shipped() {}

  static List<Path> ruleFiles() {
    return files(CHART.resolve("rules"), ".yaml");
  }

  static List<Path> ruleTests() {
    return files(ROOT.resolve("helm/src/test/rules"), ".test.yaml");
  }

  static List<Dashboard> dashboards() {
    return files(CHART.resolve("dashboards"), ".json").stream().map(Dashboard::read).toList();
  }

  static String runbook() {
    return read(ROOT.resolve("docs/runbook.md"));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder, String suffix) {
    try (Stream<Path> found = Files.list(folder)) {
      List<Path> files = found.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
      if (files.isEmpty()) {
        throw new IllegalStateException("no *" + suffix + " in " + folder);
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
