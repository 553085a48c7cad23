package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.RedisClusterClient;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisSentinels;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.consumer.WorkerDouble;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Redis Cluster and a master under Sentinels are seen to like a single server. */
class RedisKindsTest {

  private static final String GROUP = "workers";

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

  private static LiveFleet fleet(String name, String redis, List<String> streams) {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), name);
    fleet.applySpec(
        """
        redis: %s
        inbound: {streams: %s, group: workers, handler: {builtin: Discard}}
        deadLetter: {stream: "%s:dlq"}
        workers: {replicas: 2}
        """
            .formatted(redis, streams, name));
    return fleet.becomesReady().becomes("RedisReachable", "True/Answers");
  }

  private static void delete(String pod) {
    cluster.client().pods().inNamespace(cluster.namespace()).withName(pod).delete();
  }

  @Test
  void streamsOnEveryNodeOfACluster() {
    // One of each third of the slots.
    List<String> streams = List.of("spread:1", "spread:2", "spread:3");
    try (RedisCluster redis = RedisCluster.start()) {
      assertThat(streams.stream().map(redis::nodeOf).distinct()).hasSize(3);
      LiveFleet fleet =
          fleet("spread", "{url: \"%s\", cluster: true}".formatted(redis.url()), streams);
      String pod = fleet.podNames().iterator().next();
      List<WorkerDouble> workers =
          streams.stream()
              .map(stream -> new WorkerDouble(redis.nodeOf(stream).url(), stream, GROUP))
              .toList();

      workers.forEach(worker -> worker.takes(pod, 2));
      workers.getLast().waits(3);
      try (WorkerDouble letters =
          new WorkerDouble(redis.nodeOf("spread:dlq").url(), "spread:dlq", GROUP)) {
        letters.waits(1);
      }

      eventually(
          () -> {
            assertThat(fleet.status().pending()).isEqualTo(6);
            assertThat(fleet.status().lag()).isEqualTo(3);
            assertThat(fleet.status().deadLetters()).isEqualTo(1);
            assertThat(fleet.status().streams())
                .extracting(StreamStatus::stream, StreamStatus::group, StreamStatus::pending)
                .containsExactlyElementsOf(
                    streams.stream()
                        .map(it -> org.assertj.core.groups.Tuple.tuple(it, GROUP, 2L))
                        .toList());
          });

      delete(pod);

      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> workers.stream().allMatch(worker -> worker.isFree(pod)));
      String other = fleet.podNames().iterator().next();
      workers.forEach(worker -> worker.sweeps(other));
      eventually(() -> assertThat(workers).noneMatch(worker -> worker.names().contains(pod)));
      workers.forEach(WorkerDouble::close);
      aPodThatHasPartitionsOnEveryNodeGoes(redis);
    }
  }

  /** It has read nothing, so it is a consumer of no group. */
  private static void aPodThatHasPartitionsOnEveryNodeGoes(RedisCluster redis) {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "split");
    fleet.applySpec(
        """
        redis: {url: "%s", cluster: true}
        inbound:
          {streams: ["split:in"], group: g, partitions: {count: 8}, handler: {builtin: Discard}}
        """
            .formatted(redis.url()));
    fleet.becomesReady();
    String pod = fleet.podNames().iterator().next();
    RedisClusterClient client = RedisClusterClient.create(redis.url());
    var commands = client.connect().sync();
    String later = Long.toString(System.currentTimeMillis() + 3_600_000);
    for (int partition = 0; partition < 8; partition++) {
      commands.hset(
          "split:in:{%d}:lease:g".formatted(partition),
          Map.of("token", pod + "/1", "owner", pod, "until", later));
    }
    commands.zadd("split:in:members:g", 1, pod);
    eventually(() -> assertThat(fleet.status().ownedPartitions()).isEqualTo("8/8"));

    delete(pod);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              for (int partition = 0; partition < 8; partition++) {
                assertThat(commands.hget("split:in:{%d}:lease:g".formatted(partition), "token"))
                    .isEmpty();
              }
              assertThat(commands.zrange("split:in:members:g", 0, -1)).doesNotContain(pod);
            });
    client.shutdown();
  }

  @Test
  void aPodThatGoesWhileAMasterIsReplaced() {
    String stream = "guarded:in";
    try (RedisSentinels redis = RedisSentinels.start()) {
      LiveFleet fleet = fleet("guarded", "{url: \"%s\"}".formatted(redis.url()), List.of(stream));
      String pod = fleet.podNames().iterator().next();
      try (WorkerDouble workers = new WorkerDouble(redis.master().url(), stream, GROUP)) {
        workers.takes(pod, 3);
        eventually(() -> assertThat(fleet.status().pending()).isEqualTo(3));
        redis.awaitReplication(Duration.ofSeconds(10));
      }

      RedisServer old = redis.killMaster();
      delete(pod);
      RedisServer next = redis.awaitFailover(old, Duration.ofSeconds(30));

      try (WorkerDouble workers = new WorkerDouble(next.url(), stream, GROUP)) {
        await().atMost(Duration.ofSeconds(20)).until(() -> workers.isFree(pod));
        fleet.becomes("RedisReachable", "True/Answers");
        workers.sweeps(fleet.podNames().iterator().next());
        eventually(() -> assertThat(workers.names()).doesNotContain(pod));
        // A replica that takes over does not know the lag of its groups; what is pending it does.
        workers.takes("somebody", 2);
        eventually(() -> assertThat(fleet.status().pending()).isEqualTo(2));
      }
    }
  }
}
