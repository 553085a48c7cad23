package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.prometheus.client.Collector;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What Prometheus is shown of the operator. */
class OperatorMetricsTest {

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  private List<Collector.MetricFamilySamples> families() {
    return Collections.list(cluster.registry().metricFamilySamples());
  }

  private List<String> seriesOf(String resource) {
    return families().stream()
        .flatMap(family -> family.samples.stream())
        .filter(sample -> sample.labelValues.contains(resource))
        .map(sample -> sample.name)
        .toList();
  }

  private @Nullable Double ofResource(String name) {
    return cluster
        .registry()
        .getSampleValue(
            name, new String[] {"namespace", "name"}, new String[] {"default", "counted"});
  }

  private @Nullable Double ofGroup(String name) {
    return cluster
        .registry()
        .getSampleValue(
            name,
            new String[] {"namespace", "name", "stream", "group"},
            new String[] {"default", "counted", "counted:in", "workers"});
  }

  @Test
  void theWorkShowsAndSeriesGoWithTheirResource() {
    cluster.operator();
    LiveFleet fleet = cluster.fleet("counted", "workers: {replicas: 1}").becomesReady();

    eventually(
        () -> assertThat(seriesOf("counted")).contains("streamfleet_operator_resource_ready"));
    assertThat(families())
        .extracting(family -> family.name)
        .contains(
            "streamfleet_operator_reconciles",
            "streamfleet_operator_reconcile_seconds",
            "streamfleet_operator_events",
            "streamfleet_operator_reconciles_running",
            "streamfleet_operator_reconciles_queued",
            "streamfleet_operator_writes",
            "streamfleet_operator_events_failed",
            "streamfleet_operator_redis_observations",
            "streamfleet_operator_redis_targets",
            "streamfleet_operator_leader",
            "streamfleet_operator_entries_handed_over",
            "streamfleet_operator_consumers_removed",
            "streamfleet_operator_build_info");
    eventually(() -> assertThat(ofResource("streamfleet_operator_resource_ready")).isEqualTo(1));
    assertThat(cluster.registry().getSampleValue("streamfleet_operator_redis_targets"))
        .isEqualTo(1);
    assertThat(ofResource("streamfleet_operator_redis_reachable")).isEqualTo(1);
    assertThat(ofResource("streamfleet_operator_workers_wanted")).isEqualTo(1);
    fleet.apply("workers: {replicas: 2}");
    eventually(() -> assertThat(ofResource("streamfleet_operator_workers_wanted")).isEqualTo(2));
    eventually(
        () ->
            assertThat(cluster.registry().getSampleValue("streamfleet_operator_reconciles_queued"))
                .isZero());

    // Whether or not a worker is there to show it.
    cluster.redis().xadd("counted:in", Map.of("n", "1"));
    eventually(() -> assertThat(ofGroup("streamfleet_operator_group_lag")).isEqualTo(1));
    assertThat(ofGroup("streamfleet_operator_group_pending")).isZero();
    eventually(
        () -> assertThat(ofGroup("streamfleet_operator_group_oldest_unread_seconds")).isPositive());
    assertThat(ofGroup("streamfleet_operator_stream_length")).isEqualTo(1);
    assertThat(seriesOf("counted"))
        .contains("streamfleet_operator_dead_letters", "streamfleet_operator_dead_letters_limit");

    fleet.resource().delete();

    eventually(() -> assertThat(seriesOf("counted")).isEmpty());
    eventually(
        () ->
            assertThat(cluster.registry().getSampleValue("streamfleet_operator_redis_targets"))
                .isZero());
  }

  /** It is deleted while its reconciles fail: an object of that name belongs to somebody else. */
  @Test
  void theSeriesOfAResourceThatIsNeverReconciledGoWithIt() {
    cluster.operator();
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("taken-config")
                .withNamespace("default")
                .endMetadata()
                .build())
        .create();
    for (int round = 0; round < 5; round++) {
      LiveFleet fleet = cluster.fleet("taken", "workers: {replicas: 1}");
      eventually(
          () -> assertThat(seriesOf("taken")).contains("streamfleet_operator_resource_ready"));
      for (int replicas = 2; replicas < 5; replicas++) {
        fleet.apply("workers: {replicas: %d}".formatted(replicas));
      }

      fleet.resource().delete();

      eventually(() -> assertThat(seriesOf("taken")).isEmpty());
    }
  }
}
