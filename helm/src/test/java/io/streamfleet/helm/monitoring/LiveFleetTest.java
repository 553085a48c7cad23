package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Rules and dashboards beside a fleet that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveFleetTest {

  /** What all panels together take on a busy machine, some times over. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Pattern SAMPLE = Pattern.compile("^(\\w+)[{ ]", Pattern.MULTILINE);

  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `(streamfleet_\\w+)` \\|", Pattern.MULTILINE);

  /** What Prometheus adds to each target. */
  private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

  @TempDir private static Path folder;

  private WatchedFleet fleet;

  @BeforeAll
  void start() throws IOException {
    fleet = WatchedFleet.withTrouble(folder);
  }

  @AfterAll
  void stop() throws InterruptedException {
    fleet.close();
  }

  private static Set<String> shownAt(String address) throws IOException, InterruptedException {
    return SAMPLE
        .matcher(WatchedFleet.scrape(address))
        .results()
        .map(sample -> sample.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMetricThatARuleOrAPanelNamesIsShownByAProcess() {
    Set<String> recorded =
        Rule.all().stream()
            .filter(rule -> !rule.isAlert())
            .map(Rule::name)
            .collect(Collectors.toSet());
    Set<String> named =
        Stream.concat(
                Rule.all().stream().map(Rule::expression),
                Shipped.dashboards().stream()
                    .flatMap(dashboard -> dashboard.queries().stream())
                    .map(Dashboard.Query::expression))
            .flatMap(query -> MetricNames.in(query).stream())
            .filter(name -> !recorded.contains(name) && !OF_PROMETHEUS.contains(name))
            .collect(Collectors.toSet());

    eventually(shown -> assertThat(shown).containsAll(named));
  }

  /** A registry that a test fills may have what no process shows. */
  @Test
  void everyMetricThatIsDocumentedIsShownByAProcess() {
    Set<String> documented =
        Stream.of("metrics.md", "operations.md")
            .map(file -> Shipped.read(Shipped.ROOT.resolve("docs").resolve(file)))
            .flatMap(text -> DOCUMENTED.matcher(text).results())
            .map(row -> row.group(1))
            .collect(Collectors.toSet());
    assertThat(documented).hasSizeGreaterThan(40);

    eventually(
        shown ->
            assertThat(documented)
                .allMatch(name -> shown.contains(name) || shown.contains(name + "_count")));
  }

  /** One series for each stream would be counted as often by a sum. */
  @Test
  void whatTheStreamsOfALoopShareIsShownOnceALoop() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              String worker = WatchedFleet.scrape(fleet.workers().getFirst());
              assertThat(labels(worker, "streamfleet_in_flight")).hasSize(4);
              List<String> loops = labels(worker, "streamfleet_loop_last_turn_seconds");
              assertThat(loops).hasSize(3);
              for (String shared :
                  List.of(
                      "streamfleet_in_flight_limit", "streamfleet_lanes", "streamfleet_parked")) {
                assertThat(labels(worker, shared))
                    .as(shared)
                    .containsExactlyInAnyOrderElementsOf(loops);
              }
            });
  }

  /** Of each sample of a metric, as it is written. */
  private static List<String> labels(String scraped, String metric) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(metric + "{"))
        .map(line -> line.substring(metric.length(), line.lastIndexOf(' ')))
        .toList();
  }

  private void eventually(Consumer<Set<String>> shown) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              fleet.work();
              Set<String> names = shownAt(fleet.workers().getFirst());
              names.addAll(shownAt(fleet.partitioned()));
              names.addAll(shownAt(fleet.operator()));
              shown.accept(names);
            });
  }

  @Test
  void everyPanelShowsSomethingAndEveryRuleIsEvaluated() throws IOException, InterruptedException {
    try (PrometheusServer prometheus =
        new PrometheusServer(folder, Shipped.ruleFiles(), fleet.targets())) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                fleet.work();
                assertThat(Panels.empty(prometheus, Panels::isNumber))
                    .as("panels, or words of their legends, that show nothing")
                    .isEmpty();
              });

      assertThat(prometheus.rules())
          .hasSameSizeAs(Rule.all())
          .extracting(rule -> rule.path("health").asText() + rule.path("lastError").asText())
          .containsOnly("ok");
    }
  }
}
