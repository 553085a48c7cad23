package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.status.ConditionType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} explains all that the operator says, and nothing that it does not. */
class OperationsDocumentTest {

  private static final Pattern METRIC =
      Pattern.compile("^\\| `(streamfleet_operator_\\w+)` \\|", Pattern.MULTILINE);

  private final String document = read();

  private static String read() {
    try {
      return Files.readString(Path.of("..", "docs", "operations.md"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name);
  }

  @Test
  void everyConditionAndReasonIsExplained() {
    List<String> said =
        Stream.of(
                names(ConditionType.values()),
                names(RedisObservation.Reason.values()),
                names(ResourceEvent.Reason.values()))
            .flatMap(names -> names)
            .toList();

    assertThat(said).allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
  }

  @Test
  void everyMetricIsThereWithItsKindAndNoOther() {
    CollectorRegistry registry = new CollectorRegistry();
    new OperatorMetrics(registry, "test");
    TreeSet<String> registered = new TreeSet<>();
    for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
      registered.add(
          switch (family.type) {
            case COUNTER -> family.name + "_total";
            default -> family.name;
          });
    }

    assertThat(
            METRIC.matcher(document).results().map(it -> it.group(1)).collect(Collectors.toSet()))
        .isEqualTo(registered);
  }
}
