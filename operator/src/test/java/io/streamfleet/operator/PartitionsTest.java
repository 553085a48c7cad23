package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.streamfleet.api.PartitionOwnerStatus;
import io.streamfleet.api.PartitionsStatus;
import io.streamfleet.api.StreamConsumerGroupStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator says of fleets with partitions, and refuses. */
class PartitionsTest {

  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new EmbeddedCluster();
    cluster.operator();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** A fleet that reads this stream in so many partitions; 0 for the stream itself. */
  private static LiveFleet fleet(String name, String stream, int count) {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), name);
    apply(fleet, stream, count);
    return fleet;
  }

  private static void apply(LiveFleet fleet, String stream, int count) {
    fleet.applyWhole(
        cluster.redisUrl(),
        """
        inbound:
          streams: ["%s"]
          group: workers
          handler: {builtin: Discard}
          %s
        """
            .formatted(stream, count == 0 ? "" : "partitions: {count: %d}".formatted(count)));
  }

  /** As a worker does that has these partitions. */
  private static void owns(String worker, String stream, int... partitions) {
    long now = System.currentTimeMillis();
    cluster.redis().zadd(stream + ":members:workers", (double) now, worker);
    for (int partition : partitions) {
      cluster
          .redis()
          .hset(
              "%s:{%d}:lease:workers".formatted(stream, partition),
              Map.of(
                  "token",
                  worker + "/1",
                  "owner",
                  worker,
                  "until",
                  Long.toString(now + 3_600_000),
                  "epoch",
                  "1795447928000000"));
    }
  }

  private static void leaves(String worker, String stream) {
    cluster.redis().zrem(stream + ":members:workers", worker);
  }

  private static void publishes(String stream, int partition, int entries) {
    for (int i = 0; i < entries; i++) {
      cluster.redis().xadd("%s:{%d}".formatted(stream, partition), Map.of("data", "x"));
    }
  }

  @SuppressWarnings("unchecked") // An array of streams, made by the compiler.
  private static void settles(String stream, int partition) {
    String key = "%s:{%d}".formatted(stream, partition);
    cluster
        .redis()
        .xreadgroup(Consumer.from("workers", "somebody"), XReadArgs.StreamOffset.lastConsumed(key))
        .forEach(it -> cluster.redis().xack(key, "workers", it.getId()));
  }

  @Test
  void theStatusTellsWhoHasThePartitionsAndAddsThemUp() {
    LiveFleet fleet = fleet("owned", "owned:in", 4).becomesReady();
    fleet.becomes("PartitionsOwned", "Unknown/NoWorkers");

    owns("owned-worker-a", "owned:in", 0, 2);
    owns("owned-worker-b", "owned:in", 3);
    publishes("owned:in", 2, 30);
    publishes("owned:in", 0, 2);

    eventually(
        () -> {
          StreamConsumerGroupStatus status = fleet.status();
          assertThat(status.ownedPartitions()).isEqualTo("3/4");
          assertThat(status.lag()).isEqualTo(32);
          assertThat(status.streams())
              .singleElement()
              .satisfies(
                  it -> {
                    assertThat(it.stream()).isEqualTo("owned:in");
                    assertThat(it.lag()).isEqualTo(32);
                    assertThat(it.length()).isEqualTo(32);
                  });
          assertThat(status.partitions())
              .singleElement()
              .isEqualTo(
                  new PartitionsStatus(
                      "owned:in",
                      "workers",
                      4,
                      3,
                      List.of(1),
                      List.of(
                          new PartitionOwnerStatus("owned-worker-a", 2),
                          new PartitionOwnerStatus("owned-worker-b", 1)),
                      30L,
                      2,
                      8L,
                      "2026-11-23T15:32:08Z"));
        });
    fleet.becomes("PartitionsOwned", "True/AllOwned");
    assertThat(
            cluster
                .registry()
                .getSampleValue(
                    "streamfleet_operator_partitions_without_owner",
                    new String[] {"namespace", "name", "stream", "group"},
                    new String[] {cluster.namespace(), "owned", "owned:in", "workers"}))
        .isEqualTo(1);
    assertThat(fleet.events("GroupCreated"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.getMessage()).contains("each partition of stream owned:in"));
  }

  @Test
  void anotherNumberOfPartitionsOfTheSameGroupIsRefused() {
    LiveFleet first = fleet("first", "shared:in", 4).becomesReady();
    eventually(() -> assertThat(first.status().ownedPartitions()).isEqualTo("0/4"));

    LiveFleet second = fleet("second", "shared:in", 8);
    LiveFleet plain = fleet("plain", "shared:in", 0);
    LiveFleet part = fleet("part", "shared:in:{3}", 0);

    second.becomes("Ready", "False/InvalidSpec");
    assertThat(second.message("Ready"))
        .contains("spec.inbound.partitions reads shared:in in the group workers in 8 partitions")
        .contains("the resource %s/first reads".formatted(cluster.namespace()))
        .contains("in 4 partitions")
        .contains("give both the same inbound.partitions");
    plain.becomes("Ready", "False/InvalidSpec");
    assertThat(plain.message("Ready")).contains("without partitions");
    part.becomes("Ready", "False/InvalidSpec");
    assertThat(second.deployment().get()).isNull();

    apply(second, "shared:in", 4);
    second.becomesReady();

    // It is older, but the other one has workers that run as it says.
    apply(first, "shared:in", 8);
    first.becomes("Ready", "False/InvalidSpec");
    assertThat(second.condition("Ready")).startsWith("True");
  }

  @Test
  void theNumberChangesOnlyWhenNothingGoesByTheOldOne() {
    LiveFleet fleet = fleet("changed", "changed:in", 4).becomesReady();
    owns("changed-worker-a", "changed:in", 0);
    publishes("changed:in", 1, 1);
    eventually(() -> assertThat(fleet.status().ownedPartitions()).isEqualTo("1/4"));

    apply(fleet, "changed:in", 8);

    fleet.becomes("Ready", "False/InvalidSpec");
    eventually(
        () ->
            assertThat(fleet.message("Ready"))
                .contains("spec.inbound.partitions cannot change yet")
                .contains("but workers run. Take the change back"));
    leaves("changed-worker-a", "changed:in");
    eventually(
        () -> assertThat(fleet.message("Ready")).contains("but entries wait in its partitions"));
    assertThat(fleet.configMap().get().getData().toString()).contains("count: 4");

    settles("changed:in", 1);

    fleet.becomesReady();
    assertThat(fleet.configMap().get().getData().toString()).contains("count: 8");
  }
}
