package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.embedded.RedisServer;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes with a resource, and what stays. */
class DeletionTest {

  private static final String FINALIZER = "streamfleet.io/redis-groups";

  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void withRetainItGoesAtOnceAndItsGroupsStay() {
    LiveFleet fleet = cluster.fleet("retained", "workers: {replicas: 2}").becomesReady();
    assertThat(fleet.now().getMetadata().getFinalizers()).isEmpty();

    fleet.resource().delete();

    assertThat(fleet.resource().get()).isNull();
    eventually(
        () -> {
          assertThat(fleet.deployment().get()).isNull();
          assertThat(fleet.configMap().get()).isNull();
          assertThat(fleet.service().get()).isNull();
          assertThat(fleet.budget().get()).isNull();
          assertThat(fleet.pods()).isEmpty();
        });
    assertThat(fleet.group()).isNotEmpty();
  }

  @Test
  void withDeleteTheWorkersGoFirstAndThenTheGroups() {
    EmbeddedCluster embedded = cluster.embedded("pods end when they are told");
    LiveFleet fleet =
        cluster
            .fleet(
                "deleted",
                "deletionPolicy: Delete\nworkers: {image: \"streamfleet/worker:lingering\"}")
            .becomesReady();
    assertThat(fleet.now().getMetadata().getFinalizers()).containsExactly(FINALIZER);

    fleet.resource().delete();

    eventually(() -> assertThat(fleet.deployment().get()).isNull());
    eventually(() -> assertThat(fleet.pods()).isEmpty());
    assertThat(fleet.resource().get()).isNotNull();
    assertThat(fleet.group()).isNotEmpty();
    double reconciles = reconciles(embedded);
    eventually(() -> assertThat(reconciles(embedded)).isGreaterThan(reconciles + 2));

    eventually(
        () -> {
          embedded.kubelet().letGo();
          assertThat(fleet.resource().get()).isNull();
        });
    assertThat(fleet.group()).isEmpty();
    assertThat(cluster.redis().exists("deleted:in")).isEqualTo(1);
    assertThat(fleet.events("GroupsDeleted")).hasSize(1);
    // What is there is deleted once; a second time only if the word of the first comes late.
    assertThat(embedded.requests())
        .filteredOn(it -> it.verb().equals("delete"))
        .hasSizeBetween(1, 2)
        .allSatisfy(it -> assertThat(it.name()).isEqualTo("deleted-worker"));
  }

  private static double reconciles(EmbeddedCluster cluster) {
    return Objects.requireNonNull(
        cluster
            .registry()
            .getSampleValue(
                "streamfleet_operator_reconciles_total",
                new String[] {"outcome"},
                new String[] {"success"}));
  }

  @Test
  void aRedisThatIsGoneHoldsItUpForABoundedTime() {
    EmbeddedCluster embedded = cluster.embedded("minutes pass");
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "stranded");
    try (RedisServer redis = RedisServer.plain()) {
      fleet.applyWhole(
          redis.url(), "inbound: {handler: {builtin: Discard}}\ndeletionPolicy: Delete");
      fleet.becomesReady().becomes("RedisReachable", "True/Answers");
    }

    fleet.resource().delete();
    eventually(() -> assertThat(fleet.deployment().get()).isNull());
    assertThat(fleet.resource().get()).isNotNull();
    embedded.clock().forward(Duration.ofMinutes(3));

    eventually(() -> assertThat(fleet.resource().get()).isNull());
    assertThat(fleet.events("GroupsKept"))
        .singleElement()
        .satisfies(event -> assertThat(event.getMessage()).contains("XGROUP DESTROY"));
  }

  @Test
  void anotherPolicyAddsAndRemovesTheFinalizer() {
    LiveFleet fleet = cluster.fleet("undecided", "").becomesReady();
    assertThat(fleet.now().getMetadata().getFinalizers()).isEmpty();

    fleet.apply("deletionPolicy: Delete");
    eventually(
        () -> assertThat(fleet.now().getMetadata().getFinalizers()).containsExactly(FINALIZER));

    fleet.apply("deletionPolicy: Retain");
    eventually(() -> assertThat(fleet.now().getMetadata().getFinalizers()).isEmpty());
    fleet.resource().delete();
    assertThat(fleet.resource().get()).isNull();
  }

  @Test
  void aResourceThatCannotWorkGoesAllTheSame() {
    LiveFleet fleet = cluster.fleet("hopeless", "deletionPolicy: Delete").becomesReady();
    fleet.apply(
        "deletionPolicy: Delete\nworkers: {volumeMounts: [{name: missing, mountPath: /data}]}");
    fleet.becomes("Ready", "False/InvalidSpec");

    fleet.resource().delete();

    eventually(() -> assertThat(fleet.resource().get()).isNull());
    assertThat(fleet.group()).isEmpty();
  }
}
