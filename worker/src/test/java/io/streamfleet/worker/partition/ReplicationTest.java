package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {

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
    assertThat(new Replication(link).arrived().join()).isTrue();
  }

  @Test
  void aReplicaHasWhatWasWrittenBefore() {
    try (RedisServer replica = replica();
        Traffic atReplica = new Traffic(replica.url())) {
      link.status(CommandType.SET, Link.args().addKey("written").add("x")).join();

      assertThat(new Replication(link).arrived().join()).isTrue();

      assertThat(atReplica.redis().exists("written")).isEqualTo(1);
    }
  }

  @Test
  void aReplicaThatIsBehindIsNotWaitedForLong() {
    try (RedisServer replica = replica()) {
      replica.pause();
      link.status(CommandType.SET, Link.args().addKey("written").add("x")).join();

      assertThat(new Replication(link).arrived().join()).isFalse();

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
