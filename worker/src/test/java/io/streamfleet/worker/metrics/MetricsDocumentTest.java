package io.streamfleet.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.OldestPending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md and the registry must say the same; what differs is printed. */
class MetricsDocumentTest {

  private static final Pattern ROW =
      Pattern.compile("^\\| `(streamfleet_\\w+)` \\| (\\w+) \\| ([^|]*) \\| ([^|]*) \\|.*");

  /** What must be told of a metric in both places. */
  private record Told(String type, String labels, String unit) {}

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedMetricExists() throws IOException {
    SortedMap<String, Told> documented = documented();
    SortedMap<String, Told> registered = registered();

    assertThat(differences(registered, documented))
        .as("what differs between the registry and docs/metrics.md")
        .isEmpty();
  }

  private static List<String> differences(
      SortedMap<String, Told> registered, SortedMap<String, Told> documented) {
    SortedSet<String> names = new TreeSet<>(registered.keySet());
    names.addAll(documented.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(registered.get(name), documented.get(name)))
        .map(
            name ->
                "%s: registered as %s, documented as %s"
                    .formatted(name, registered.get(name), documented.get(name)))
        .toList();
  }

  private static SortedMap<String, Told> documented() throws IOException {
    Path root = Path.of(System.getProperty("repository.root", ".."));
    SortedMap<String, Told> rows = new TreeMap<>();
    for (String line : Files.readAllLines(root.resolve("docs/metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String labels = row.group(3).replace("`", "");
        assertThat(rows.put(row.group(1), new Told(row.group(2), labels, row.group(4))))
            .as(row.group(1) + " is documented once")
            .isNull();
      }
    }
    return rows;
  }

  private static SortedMap<String, Told> registered() {
    CollectorRegistry registry = registryWithASampleOfEverything();
    SortedMap<String, Told> families = new TreeMap<>();
    for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
      String name = family.type == Collector.Type.COUNTER ? family.name + "_total" : family.name;
      String type = family.type.name().toLowerCase(Locale.ROOT);
      families.put(name, new Told(type, labels(family), unit(name)));
    }
    return families;
  }

  private static String labels(MetricFamilySamples family) {
    assertThat(family.samples).as(family.name + " has a sample in this test").isNotEmpty();
    String labels =
        family.samples.getFirst().labelNames.stream()
            .filter(label -> !label.equals("le"))
            .collect(Collectors.joining(", "));
    return labels.isEmpty() ? "none" : labels;
  }

  private static String unit(String name) {
    if (name.endsWith("_bytes")) {
      return "bytes";
    }
    return name.endsWith("_seconds") ? "seconds" : name.endsWith("_info") ? "none" : "count";
  }

  private static CollectorRegistry registryWithASampleOfEverything() {
    CollectorRegistry registry = new CollectorRegistry();
    WorkerMetrics metrics = new WorkerMetrics(registry, "1");
    metrics.forStream("s", "g").deadLettered("reason");
    metrics.forHandler(Direction.INBOUND, "inbound");
    metrics.showPipeline("l", () -> 1, () -> 0, () -> 0, () -> 0);
    metrics.showParkedRetries("l", () -> 0);
    metrics.showPayloads("l", () -> 0, 1);
    metrics.showInFlight("l", "s", "g", () -> 0, () -> false);
    new SettingsMetrics(registry).show("1", false);
    metrics.showLoop("l", () -> 0);
    metrics.showStandstill("l", () -> 0);
    metrics.showLongestCall("l", () -> 0);
    metrics.showWorker(() -> true, () -> true, () -> false);
    metrics.outboundEmitted("s", 1);
    metrics.redisFailed("xack");
    metrics.redisClockJumped(true);
    metrics.limits().show("l", () -> 0);
    metrics.retention().show("s", "g");
    metrics.partitions().show("s", "g", () -> Map.of(1, 1L), () -> 0);
    metrics.partitions().showSplitter("s", "g");
    metrics.breakers().show("e", () -> false, List.of("unavailable"));
    ManualClock clock = new ManualClock();
    GroupGauges groups = new GroupGauges(Duration.ofSeconds(1), clock).register(registry);
    OptionalLong known = OptionalLong.of(1);
    groups.publish(
        List.of(
            new GroupObservation(
                "s",
                "g",
                known,
                known,
                known,
                known,
                Optional.of(Duration.ZERO),
                Optional.of(OldestPending.NONE),
                known,
                Map.of("c", 1L))));
    return registry;
  }
}
