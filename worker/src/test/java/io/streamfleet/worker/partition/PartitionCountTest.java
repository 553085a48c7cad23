package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Consumer;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionCountTest {

  private static final Duration GONE = Duration.ofMinutes(1);

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();

  @AfterEach
  void close() {
    connector.close();
    traffic.close();
    redis.close();
  }

  @Test
  void theFirstWorkerSetsItAndOthersWithTheSameAreWelcome() {
    count(4).require();
    count(4).require();

    assertThat(traffic.redis().get("in:partitions:g")).isEqualTo(Traffic.text("4"));
  }

  @Test
  void itIsNotChangedUnderAWorkerThatGoesByIt() {
    count(4).require();
    new Members(link, new Partitions("in", 4), "g", GONE).announce("w1").join();

    assertThatThrownBy(count(8)::require)
        .hasMessageContaining("in has 4 partitions in the group g, and 8 are configured")
        .hasMessageContaining("[w1]");
    assertThat(traffic.redis().get("in:partitions:g")).isEqualTo(Traffic.text("4"));
  }

  @Test
  void itIsNotChangedWhileEntriesWaitUnderIt() {
    count(4).require();
    traffic
        .redis()
        .xgroupCreate(StreamOffset.from("in:{3}", "0"), "g", XGroupCreateArgs.Builder.mkstream());
    String id = traffic.publish("in:{3}", "c");

    assertThatThrownBy(count(8)::require).hasMessageContaining("entries of in:{3} are not settled");

    deliver();
    assertThatThrownBy(count(8)::require).hasMessageContaining("entries of in:{3} are not settled");

    traffic.redis().xack("in:{3}", "g", id);
    count(8).require();
    assertThat(traffic.redis().get("in:partitions:g")).isEqualTo(Traffic.text("8"));
  }

  @SuppressWarnings("unchecked") // an array of one
  private void deliver() {
    traffic.redis().xreadgroup(Consumer.from("g", "w1"), StreamOffset.lastConsumed("in:{3}"));
  }

  private PartitionCount count(int count) {
    return new PartitionCount(link, new Partitions("in", count), "g", GONE);
  }
}
