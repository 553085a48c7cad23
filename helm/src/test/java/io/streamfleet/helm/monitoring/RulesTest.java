package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts: that Prometheus takes them, when they fire, and what they say. */
class RulesTest {

  private static String[] arguments(List<Path> files, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    files.forEach(file -> all.add(file.toString()));
    return all.toArray(String[]::new);
  }

  @Test
  void prometheusTakesThem() throws IOException, InterruptedException {
    PrometheusTools.Ended check =
        PrometheusTools.promtool(arguments(Shipped.ruleFiles(), "check", "rules"));

    assertThat(check.status()).as(check.said()).isZero();
  }

  @Test
  void theyFireWhenTheyShallAndSayWhatTheyShall() throws IOException, InterruptedException {
    PrometheusTools.Ended tests =
        PrometheusTools.promtool(arguments(Shipped.ruleTests(), "test", "rules"));

    assertThat(tests.status()).as(tests.said()).isZero();
  }

  /** Each severity of each alert is seen to fire, and each alert to keep still. */
  @Test
  void eachIsTriedBothWays() {
    Set<String> fired = new TreeSet<>();
    Set<String> still = new TreeSet<>();
    for (Path file : Shipped.ruleTests()) {
      for (JsonNode check : Rule.tree(file).findValues("alert_rule_test")) {
        for (JsonNode one : check) {
          String alert = one.path("alertname").asText();
          if (one.path("exp_alerts").isEmpty()) {
            still.add(alert);
          }
          for (JsonNode expected : one.path("exp_alerts")) {
            fired.add(alert + " " + expected.path("exp_labels").path("severity").asText());
          }
        }
      }
    }

    assertThat(fired)
        .isEqualTo(
            Rule.alerts().stream()
                .map(alert -> alert.name() + " " + alert.severity())
                .collect(Collectors.toSet()));
    assertThat(still).isEqualTo(Rule.alerts().stream().map(Rule::name).collect(Collectors.toSet()));
  }

  @Test
  void eachTellsHowUrgentItIsAndByWhichNumbers() {
    assertThat(Rule.alerts())
        .allSatisfy(
            alert -> {
              assertThat(alert.severity()).isIn("info", "warning", "critical");
              assertThat(alert.annotation("summary")).isNotBlank();
              assertThat(alert.annotation("description")).as(alert.name()).contains("$value");
            });
  }
}
