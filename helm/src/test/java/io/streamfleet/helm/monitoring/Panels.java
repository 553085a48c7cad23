package io.streamfleet.helm.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The panels of all dashboards, as a Prometheus fills them now. */
final class Panels {

  private Panels() {}

  /**
   * Panels, or words of their legends, that show nothing: with all that there is, and with what
   * somebody may have chosen.
   *
   * @param shows whether a sample is something to be seen
   */
  static Set<String> empty(PrometheusServer prometheus, Predicate<JsonNode> shows)
      throws InterruptedException {
    Set<String> empty = new TreeSet<>();
    for (Map<String, String> chosen :
        List.of(
            Map.<String, String>of(),
            Map.of("namespace", "default", "fleet", "chat", "name", "chat", "job", "operator"))) {
      for (Dashboard dashboard : Shipped.dashboards()) {
        for (Dashboard.Query query : dashboard.queries()) {
          String filled = query.with(chosen, "1m");
          List<JsonNode> samples = prometheus.query(filled);
          if (samples.stream().noneMatch(shows)) {
            empty.add(query.panel() + ": " + filled);
          }
          query.legend().stream()
              .filter(
                  label -> samples.stream().noneMatch(it -> it.at("/metric/" + label).isTextual()))
              .forEach(label -> empty.add(query.panel() + ": no series has " + label));
        }
      }
    }
    return empty;
  }

  /** A quantile of no observations is no number. */
  static boolean isNumber(JsonNode sample) {
    return !sample.path("value").path(1).asText().equals("NaN");
  }
}
