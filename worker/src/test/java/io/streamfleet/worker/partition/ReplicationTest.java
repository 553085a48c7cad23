package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.RedisBinary;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Replication.Copies;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {

  private static final List<String> WRITTEN = List.of("written");

  private final RedisServer master = RedisServer.plain();
  private final Traffic traffic = new Traffic(master.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(master.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();

  @AfterEach
  void stop() {
    connector.close();
    traffic.close();
    master.close();
  }

  @Test
  void nothingIsWaitedForWhereThereIsNoReplica() {
    assertThat(new Replication(link).arrived(WRITTEN).join()).isTrue();
  }

  @Test
  void aReplicaHasWhatWasWrittenBefore() {
    try (RedisServer replica = replica();
        Traffic atReplica = new Traffic(replica.url())) {
      link.status(CommandType.SET, Link.args().addKey("written").add("x")).join();

      assertThat(new Replication(link).arrived(WRITTEN).join()).isTrue();

      assertThat(atReplica.redis().exists("written")).isEqualTo(1);
    }
  }

  @Test
  void aReplicaThatIsBehindIsNotWaitedForLong() {
    try (RedisServer replica = replica()) {
      replica.pause();
      link.status(CommandType.SET, Link.args().addKey("written").add("x")).join();

      assertThat(new Replication(link).arrived(WRITTEN).join()).isFalse();

      replica.resume();
    }
  }

  /** Each node has replicas of its own. */
  @Test
  void inAClusterTheReplicasOfTheNodesThatHaveTheKeysAreWaitedFor() {
    try (RedisCluster cluster = RedisCluster.start(RedisBinary.find(), 1);
        RedisConnector all =
            RedisConnector.to(
                new RedisSettings(
                    cluster.url(),
                    true,
                    false,
                    Duration.ofSeconds(5),
                    () -> Credentials.NONE,
                    true,
                    "test"),
                Duration.ofSeconds(1));
        Link toAll = all.connect()) {
      List<String> keys = IntStream.range(0, 32).mapToObj(i -> "in:{" + i + "}").toList();
      for (String key : keys) {
        toAll.status(CommandType.SET, Link.args().addKey(key).add("x")).join();
      }
      assertThat(toAll.oneOfEachServer(keys)).hasSize(3);

      assertThat(new Replication(toAll).copies(keys).join()).isEqualTo(Copies.ARRIVED);

      RedisServer replica = cluster.nodes().getLast();
      replica.pause();
      for (String key : keys) {
        toAll.status(CommandType.SET, Link.args().addKey(key).add("y")).join();
      }
      assertThat(new Replication(toAll).copies(keys).join()).isEqualTo(Copies.UNKNOWN);
      replica.resume();
    }
  }

  private RedisServer replica() {
    RedisServer replica =
        RedisServer.builder().config("replicaof 127.0.0.1 " + master.port()).start();
    await().until(() -> traffic.redis().info("replication").contains("state=online"));
    return replica;
  }
}
