package io.streamfleet.helm.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** A dashboard for Grafana, as its file has it. */
record Dashboard(String file, JsonNode json) {

  private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
  private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");

  /**
   * What a panel asks Prometheus, its variables not filled in.
   *
   * @param legend the labels that name the series
   */
  record Query(String panel, String expression, List<String> legend) {

    /**
     * The query as Grafana would send it.
     *
     * @param variables by name; one that is not there stands for all
     */
    String with(Map<String, String> variables, String rateInterval) {
      return VARIABLE
          .matcher(expression.replace("$__rate_interval", rateInterval))
          .replaceAll(variable -> variables.getOrDefault(variable.group(1), ".*"));
    }
  }

  static Dashboard read(Path file) {
    try {
      return new Dashboard(
          file.getFileName().toString(), JsonMapper.builder().build().readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows included. */
  List<JsonNode> panels() {
    return StreamSupport.stream(json.path("panels").spliterator(), false).toList();
  }

  /** The panels that show something. */
  List<JsonNode> charts() {
    return panels().stream().filter(panel -> !panel.path("type").asText().equals("row")).toList();
  }

  List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : charts()) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            new Query(
                "%s: %s %s"
                    .formatted(file, panel.path("title").asText(), target.path("refId").asText()),
                target.path("expr").asText(),
                LABEL
                    .matcher(target.path("legendFormat").asText())
                    .results()
                    .map(label -> label.group(1))
                    .toList()));
      }
    }
    return queries;
  }

  List<JsonNode> variables() {
    return StreamSupport.stream(json.path("templating").path("list").spliterator(), false).toList();
  }
}
