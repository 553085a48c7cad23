package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboards' files have to be, before anybody looks at them in Grafana. */
class DashboardsTest {

  private static final int WIDTH = 24;

  /**
   * Of those that Grafana knows, the ones that are in use; what it doesn't know it shows as text.
   */
  private static final Set<String> UNITS =
      Set.of("none", "short", "s", "cps", "percentunit", "bytes");

  private static final Pattern VARIABLE = Pattern.compile("\\$(?!__)(\\w+)");

  private final List<Dashboard> dashboards = Shipped.dashboards();

  @Test
  void eachIsKnownByAnIdOfItsOwnWhichChartAndLinksCountOn() {
    assertThat(dashboards)
        .extracting(dashboard -> dashboard.json().path("uid").asText())
        .doesNotHaveDuplicates()
        .allMatch(uid -> uid.matches("[a-z-]{1,40}"));
    assertThat(dashboards).allSatisfy(it -> assertThat(it.json().has("id")).isFalse());
    // That of Grafana 11.0: later ones bring it up to theirs when they load it, earlier ones don't
    // know it.
    assertThat(dashboards)
        .extracting(dashboard -> dashboard.json().path("schemaVersion").asInt())
        .containsOnly(39);
  }

  @TestFactory
  List<DynamicTest> everyPanelSaysWhatItShowsAndWhatToLookFor() {
    return dashboards.stream()
        .map(dashboard -> DynamicTest.dynamicTest(dashboard.file(), () -> checkPanels(dashboard)))
        .toList();
  }

  private static void checkPanels(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .extracting(panel -> panel.path("id").asInt())
        .doesNotHaveDuplicates()
        .doesNotContain(0);
    assertThat(dashboard.panels())
        .extracting(panel -> panel.path("title").asText())
        .doesNotContain("");
    assertThat(dashboard.charts())
        .allSatisfy(
            panel -> {
              String title = panel.path("title").asText();
              assertThat(panel.path("description").asText()).as(title).hasSizeGreaterThan(30);
              assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText())
                  .as("unit of " + title)
                  .isIn(UNITS);
              assertThat(panel.path("targets")).as("queries of " + title).isNotEmpty();
            });
  }

  /** Whoever imports one has a Prometheus of another name. */
  @Test
  void everyDataSourceIsTheVariable() {
    for (Dashboard dashboard : dashboards) {
      assertThat(dashboard.variables().getFirst().path("type").asText()).isEqualTo("datasource");
      for (JsonNode panel : dashboard.charts()) {
        assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
      }
      assertThat(dashboard.json().findValuesAsText("uid"))
          .containsOnly("${datasource}", dashboard.json().path("uid").asText());
    }
  }

  @Test
  void everyVariableThatAQueryNamesIsThereAndEveryOneIsUsed() {
    for (Dashboard dashboard : dashboards) {
      Set<String> declared =
          dashboard.variables().stream()
              .map(variable -> variable.path("name").asText())
              .filter(name -> !name.equals("datasource"))
              .collect(Collectors.toSet());
      Set<String> named =
          dashboard.queries().stream()
              .flatMap(query -> VARIABLE.matcher(query.expression()).results())
              .map(match -> match.group(1))
              .collect(Collectors.toSet());
      assertThat(named).as(dashboard.file()).isEqualTo(declared);
    }
  }

  @Test
  void panelsFillTheWidthAndDoNotCoverEachOther() {
    for (Dashboard dashboard : dashboards) {
      Set<List<Integer>> taken = new HashSet<>();
      for (JsonNode panel : dashboard.panels()) {
        JsonNode at = panel.path("gridPos");
        for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
          for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
            assertThat(taken.add(List.of(x, y)))
                .as("%s: %s at %d, %d".formatted(dashboard.file(), panel.path("title"), x, y))
                .isTrue();
          }
        }
      }
      int height = taken.stream().mapToInt(List::getLast).max().orElseThrow() + 1;
      assertThat(taken).as(dashboard.file()).hasSize(WIDTH * height);
    }
  }

  @Test
  void prometheusReadsEveryQuery(@TempDir Path folder) throws IOException, InterruptedException {
    StringBuilder rules = new StringBuilder("groups:\n- name: panels\n  rules:\n");
    for (Dashboard dashboard : dashboards) {
      for (Dashboard.Query query : dashboard.queries()) {
        rules
            .append("  - record: panel\n    labels: {panel: \"")
            .append(query.panel())
            .append("\"}\n    expr: |-\n      ")
            .append(query.with(Map.of(), "1m"))
            .append('\n');
      }
    }
    Path file = folder.resolve("panels.yaml");
    Files.writeString(file, rules, UTF_8);

    PrometheusTools.Ended check = PrometheusTools.promtool("check", "rules", file.toString());

    assertThat(check.status()).as(check.said()).isZero();
  }
}
