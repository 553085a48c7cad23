package io.streamfleet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedisClusterTest {

  @Test
  void sharesTheSlotsAmongThreeMasters() throws IOException {
    try (RedisCluster cluster = RedisCluster.start()) {
      assertThat(cluster.nodes()).hasSize(3);
      assertThat(cluster.urls()).hasSize(3).contains(cluster.url());
      Set<RedisServer> serving = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        RedisServer node = cluster.nodeOf("key-" + i);
        assertThat(RespClient.text(node.port(), "SET", "key-" + i, "1")).isEqualTo("OK");
        serving.add(node);
      }
      assertThat(serving).hasSize(3);
      assertThat(cluster.nodeOf("{a}.1")).isSameAs(cluster.nodeOf("{a}.2"));

      cluster.nodes().forEach(RedisServer::kill);
      assertThatThrownBy(() -> cluster.nodeOf("key-1")).hasMessageContaining("no node");
    }
  }

  @Test
  void promotesTheReplicaOfAMasterThatDied() throws IOException {
    try (RedisCluster cluster = RedisCluster.start(RedisBinary.find(), 1)) {
      RedisServer killed = cluster.nodeOf("key");
      killed.kill();
      cluster.awaitMove("key", killed, Duration.ofSeconds(60));

      RedisServer next = cluster.nodeOf("key");
      assertThat(cluster.nodes().indexOf(next)).isEqualTo(cluster.nodes().indexOf(killed) + 3);
      assertThat(RespClient.text(next.port(), "SET", "key", "1")).isEqualTo("OK");
    }
  }
}
