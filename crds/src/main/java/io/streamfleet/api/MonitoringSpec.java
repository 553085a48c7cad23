package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import java.util.Map;

/** How Prometheus finds the workers. */
public record MonitoringSpec(
    @JsonPropertyDescription("Whether a PodMonitor is created, if its API is installed.")
        @Default("false")
        boolean podMonitor,
    @JsonPropertyDescription("The labels of the PodMonitor.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> labels) {

  public MonitoringSpec {
    labels = Copies.of(labels);
  }
}
