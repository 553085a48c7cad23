package io.streamfleet.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of other files is made of them as they are now. */
class CommittedTest {

  /** A chart can't reach beyond its folder. */
  @Test
  void theChartHasTheCrdThatTheModelGenerates() throws IOException {
    Committed.hold(
        Chart.FOLDER.resolve("files/crd.yaml"),
        Files.readString(Chart.ROOT.resolve("crds/streamconsumergroups.streamfleet.io.yaml")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "leader-election", "keda", "monitoring", "users"})
  void theChartHasTheRightsThatTheOperatorIsTestedWith(String file) throws IOException {
    Committed.hold(
        Chart.FOLDER.resolve("files/rbac").resolve(file + ".yaml"),
        Files.readString(Chart.ROOT.resolve("operator/rbac").resolve(file + ".yaml")));
  }

  @Test
  void theTableOfTheValuesIsCurrent() throws IOException {
    Path readme = Chart.FOLDER.resolve("README.md");
    Committed.hold(
        readme,
        ValuesTable.within(
            Files.readString(readme), Files.readString(Chart.FOLDER.resolve("values.yaml"))));
  }

  @Test
  void everyValueIsExplained() throws IOException {
    assertThat(ValuesTable.unexplained(Files.readString(Chart.FOLDER.resolve("values.yaml"))))
        .isEmpty();
  }

  @Test
  void theManifestsForThoseWithoutHelmAreCurrent() throws IOException {
    Committed.hold(Chart.ROOT.resolve("helm/install.yaml"), manifests());
  }

  /** The chart with its defaults, without what only Helm knows how to use. */
  private static String manifests() throws IOException {
    String rendered = Chart.renderText("crds: {create: false}");
    return Chart.documents(rendered).stream()
        .filter(document -> !document.contains("helm.sh/hook"))
        .map(document -> document.replaceAll("(?m)^.*helm\\.sh/chart: .*\\n", ""))
        .map(document -> document.replaceAll("(?m)^.*managed-by: Helm\\n", ""))
        .map(document -> document.replaceFirst("(?m)^# Source: .*\\n", ""))
        .collect(
            Collectors.joining(
                "---\n",
                """
                # The operator for those without Helm: the chart helm/streamfleet with its defaults. Apply it after crds/.
                # Don't edit; to refresh:
                #   %s
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: %s
                  labels:
                    pod-security.kubernetes.io/enforce: restricted
                ---
                """
                    .formatted(Committed.REFRESH, Chart.NAMESPACE),
                ""));
  }

  @Test
  void theVersionIsThatOfTheBuild() throws Exception {
    JsonNode chart =
        YamlText.documents(Files.readString(Chart.FOLDER.resolve("Chart.yaml"))).getFirst();
    String version = System.getProperty("image.tag");
    assertThat(chart.path("version").asText()).isEqualTo(version);
    assertThat(chart.path("appVersion").asText()).isEqualTo(version);
    assertThat(Files.readString(Chart.ROOT.resolve("pom.xml")))
        .contains("<version>" + version + "-SNAPSHOT</version>");
  }
}
