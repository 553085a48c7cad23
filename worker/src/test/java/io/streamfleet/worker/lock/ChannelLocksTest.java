package io.streamfleet.worker.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChannelLocksTest {

  private static final LockToken TOKEN = new LockToken("w1", new UUID(0, 0), 1);

  /** Consumer names are unique: who had ours before is dead, and its locks would only run out. */
  @Test
  void takesOverALockOfAnEarlierLifeButNeitherASiblingsNorAnothers() throws Exception {
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        RedisConnector connector =
            RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
        Link link = connector.connect()) {
      EventLoop loop = new EventLoop("locks", System::nanoTime, () -> {}, failure -> {});
      loop.start();
      ChannelLocks locks = new ChannelLocks(loop, link, TOKEN, 20_000);

      traffic.redis().set("lock:c", Traffic.text("w1/" + new UUID(7, 1)));
      assertThat(acquire(locks).get(10, TimeUnit.SECONDS)).containsEntry("lock:c", "");
      assertThat(traffic.holder("lock:c")).isEqualTo("w1/" + new UUID(0, 1));
      assertThat(traffic.redis().pttl("lock:c")).isPositive();

      for (String holder : List.of("w1/" + new UUID(0, 2), "w2/" + new UUID(7, 1), "w1")) {
        traffic.redis().set("lock:c", Traffic.text(holder));
        assertThat(acquire(locks).get(10, TimeUnit.SECONDS)).containsEntry("lock:c", holder);
      }
      loop.stop(Duration.ofSeconds(1));
    }
  }

  private static CompletableFuture<Map<String, String>> acquire(ChannelLocks locks) {
    CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
    locks.acquire(
        List.of("lock:c"),
        new ChannelLocks.Answer<>() {
          @Override
          public void answered(List<String> keys, Map<String, String> holders, long sentAt) {
            answer.complete(holders);
          }

          @Override
          public void failed(List<String> keys, Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }
}
