package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembersTest {

  private static final String KEY = "in:members:g";

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final Members members =
      new Members(link, new Partitions("in", 4), "g", Duration.ofMinutes(1));

  @AfterEach
  void stop() {
    link.close();
    connector.close();
    traffic.close();
    redis.close();
  }

  @Test
  void aMemberIsListedUntilItLeaves() {
    get(members.announce("b"));
    assertThat(get(members.announce("a"))).containsExactly("a", "b");

    get(members.leave("b"));

    assertThat(get(members.list())).containsExactly("a");
  }

  @Test
  void aSilentMemberExpires() {
    get(members.announce("a"));
    traffic.redis().zadd(KEY, 1, Traffic.text("silent"));

    assertThat(get(members.list())).containsExactly("a");
  }

  @Test
  void aMemberFromTheFutureExpiresFromNow() {
    traffic.redis().zadd(KEY, 9e12, Traffic.text("a"));

    assertThat(get(members.list())).containsExactly("a");
    assertThat(traffic.redis().zscore(KEY, Traffic.text("a"))).isLessThan(9e12);
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
