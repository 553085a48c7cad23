package io.streamfleet.helm.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule for Prometheus, as its file has it.
 *
 * @param name of the alert, or of what is recorded
 */
record Rule(String name, boolean isAlert, String expression, JsonNode node) {

  static List<Rule> all() {
    return Shipped.ruleFiles().stream().flatMap(file -> read(file).stream()).toList();
  }

  static List<Rule> alerts() {
    return all().stream().filter(Rule::isAlert).toList();
  }

  private static List<Rule> read(Path file) {
    List<Rule> rules = new ArrayList<>();
    for (JsonNode group : tree(file).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        boolean alert = rule.has("alert");
        rules.add(
            new Rule(
                rule.path(alert ? "alert" : "record").asText(),
                alert,
                rule.path("expr").asText(),
                rule));
      }
    }
    return rules;
  }

  static JsonNode tree(Path yaml) {
    try {
      return YAMLMapper.builder().build().readTree(yaml.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String annotation(String name) {
    return node.path("annotations").path(name).asText();
  }

  String severity() {
    return node.path("labels").path("severity").asText();
  }
}
