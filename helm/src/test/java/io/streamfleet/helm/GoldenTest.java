package io.streamfleet.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart renders, shown by examples. A folder in {@code src/test/resources/golden} holds
 * {@code values.yaml} and what must come of it, {@code expected.yaml}; to add a case, add a folder
 * with a {@code values.yaml} and accept what comes of it.
 */
class GoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theObjectsAreWhatTheFolderShows(Path folder) throws IOException {
    String actual = shown(Chart.render(folder.resolve("values.yaml")));
    Path expected = folder.resolve("expected.yaml");
    Committed.hold(expected, actual);
    assertThat(actual).as("a key without a value: toYaml of what is empty").doesNotContain("null");
  }

  /**
   * What is long and shown elsewhere is cut: the CRD, the dashboards and the alerts, of which their
   * own tests tell.
   */
  private static String shown(String rendered) {
    return Chart.documents(rendered).stream()
        .map(GoldenTest::cut)
        .collect(Collectors.joining("---\n", "---\n", ""));
  }

  private static String cut(String document) {
    if (document.contains("\nkind: CustomResourceDefinition\n")) {
      return document.replaceFirst("(?s)\nspec:\n.*", "\nspec: {} # cut\n");
    }
    if (document.contains("\nkind: PrometheusRule\n")) {
      return document.replaceFirst("(?s)\nspec:\n.*", "\nspec: {} # cut\n");
    }
    return document.contains("/templates/dashboards.yaml\n")
        ? document.replaceFirst("(?s)\ndata:\n.*", "\ndata: {} # cut\n")
        : document;
  }
}
