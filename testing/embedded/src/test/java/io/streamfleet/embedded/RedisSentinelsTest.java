package io.streamfleet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisSentinelsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void handOverToTheReplicaWhenTheMasterDiesAndTakeItBackAsAReplica() throws IOException {
    try (RedisSentinels sentinels = RedisSentinels.start()) {
      assertThat(sentinels.url())
          .matches("redis-sentinel://(127\\.0\\.0\\.1:\\d+,?){3}/0#mymaster");
      RespClient.text(sentinels.master().port(), "SET", "kept", "yes");
      RedisServer master = sentinels.master();
      RedisServer replica =
          sentinels.servers().stream().filter(server -> server != master).findFirst().orElseThrow();
      Deadline.in(PATIENCE)
          .await(
              "the replica has the write",
              () ->
                  RespClient.once(replica.port(), "GET", "kept").equals(new RespClient.Text("yes")),
              replica::log);

      RedisServer killed = sentinels.killMaster();
      assertThat(killed.isRunning()).isFalse();
      assertThatThrownBy(() -> sentinels.awaitReplication(Duration.ZERO))
          .isInstanceOf(ServerFailure.class)
          .hasMessageContaining("the replica is up to date");
      RedisServer next = sentinels.awaitFailover(killed, PATIENCE);

      assertThat(next).isNotSameAs(killed).isSameAs(sentinels.master());
      assertThat(RespClient.text(next.port(), "GET", "kept")).isEqualTo("yes");
      assertThat(RespClient.text(next.port(), "SET", "more", "yes")).isEqualTo("OK");

      killed.start();
      sentinels.awaitReplication(PATIENCE);
      assertThat(RespClient.text(killed.port(), "GET", "more")).isEqualTo("yes");

      assertThat(sentinels.pauseMaster()).isSameAs(next);
      assertThat(sentinels.awaitFailover(next, PATIENCE)).isSameAs(killed);
      next.resume();
      sentinels.awaitReplication(PATIENCE);
    }
  }
}
