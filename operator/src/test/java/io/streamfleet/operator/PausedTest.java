package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code paused: true} leaves everything as it is. */
@Tag(TestCluster.TAG)
class PausedTest {

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  @Test
  void nothingIsChangedUntilItGoesOn() {
    LiveFleet fleet = cluster.fleet("paused", "workers: {replicas: 2}").becomesReady();

    fleet.apply("workers: {replicas: 2}\npaused: true");
    fleet.becomes("Paused", "True/PausedBySpec");
    fleet.deployment().scale(3);

    // The status tells of it, so it was seen.
    eventually(() -> assertThat(fleet.status().workers()).isEqualTo("3/3"));
    fleet.configMap().delete();
    fleet.touch();
    assertThat(fleet.deployment().get().getSpec().getReplicas()).isEqualTo(3);
    assertThat(fleet.configMap().get()).isNull();

    fleet.apply("workers: {replicas: 2}");

    fleet.becomes("Paused", "");
    eventually(() -> assertThat(fleet.deployment().get().getSpec().getReplicas()).isEqualTo(2));
    eventually(() -> assertThat(fleet.configMap().get()).isNotNull());
    eventually(() -> assertThat(fleet.events("Paused")).hasSize(1));
    eventually(() -> assertThat(fleet.events("Resumed")).hasSize(1));
  }

  @Test
  @SuppressWarnings("unchecked") // An array of streams, made by the compiler.
  void namesOfPodsThatAreGoneStayUntilItGoesOn() {
    cluster.embedded("a worker that runs would read the entry itself");
    LiveFleet fleet = cluster.fleet("resting", "workers: {replicas: 1}").becomesReady();
    String gone = fleet.podNames().iterator().next();
    fleet.apply("workers: {replicas: 1}\npaused: true");
    fleet.becomes("Paused", "True/PausedBySpec");
    cluster.redis().xadd("resting:in", Map.of("n", "1"));
    cluster
        .redis()
        .xreadgroup(
            io.lettuce.core.Consumer.from("workers", gone),
            XReadArgs.StreamOffset.lastConsumed("resting:in"));
    eventually(() -> assertThat(fleet.status().pending()).isEqualTo(1));

    cluster.client().pods().inNamespace(cluster.namespace()).withName(gone).delete();

    eventually(() -> assertThat(fleet.podNames()).hasSize(1).doesNotContain(gone));
    // That the pod is gone was seen when its name is told without it.
    eventually(
        () ->
            assertThat(fleet.status().consumers())
                .singleElement()
                .satisfies(consumer -> assertThat(consumer.pod()).isNull()));
    assertThat(fleet.events("ConsumerHandedOver")).isEmpty();

    fleet.apply("workers: {replicas: 1}");

    eventually(() -> assertThat(fleet.events("ConsumerHandedOver")).hasSize(1));
  }

  @Test
  void aFleetThatIsPausedFromTheStartHasNothingMade() {
    String name = "asleep-" + UUID.randomUUID().toString().substring(0, 4);
    LiveFleet fleet = cluster.fleet(name, "paused: true");

    fleet.becomes("Paused", "True/PausedBySpec").becomes("RedisReachable", "True/Answers");

    assertThat(fleet.deployment().get()).isNull();
    assertThat(cluster.redis().exists(name + ":in")).isZero();
    // A group that somebody else made is seen all the same.
    cluster
        .redis()
        .xgroupCreate(
            XReadArgs.StreamOffset.from(name + ":in", "0"),
            "workers",
            XGroupCreateArgs.Builder.mkstream());
    eventually(() -> assertThat(fleet.status().pending()).isZero());
  }
}
