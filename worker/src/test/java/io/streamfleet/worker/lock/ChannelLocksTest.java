package io.streamfleet.worker.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelLocksTest {

  private static final int SCOPE = LockToken.scopeOf(new ConsumerGroup("in", "g"));
  private static final int OTHER_SCOPE = LockToken.scopeOf(new ConsumerGroup("more", "g"));
  private static final UUID OURS = new UUID(0, 0);
  private static final UUID BEFORE = new UUID(7, 0);

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final EventLoop loop = new EventLoop("locks", System::nanoTime, () -> {}, failure -> {});

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void stop() throws Exception {
    loop.stop(Duration.ofSeconds(1));
    connector.close();
    traffic.close();
    redis.close();
  }

  /** Who had our name before, and read the same, is dead: its locks would only run out. */
  @ParameterizedTest
  @ValueSource(strings = {"team", "team/x", "/", ""})
  void takesOverALockOfAnEarlierLife(String name) throws Exception {
    LockToken token = new LockToken(name, OURS, SCOPE, 1);
    traffic.redis().set("lock:c", Traffic.text(new LockToken(name, BEFORE, SCOPE, 3).value()));

    assertThat(acquire(token)).containsEntry("lock:c", "");
    assertThat(traffic.holder("lock:c")).isEqualTo(token.value());
    assertThat(traffic.redis().pttl("lock:c")).isPositive();
  }

  static List<String> livingHolders() {
    return List.of(
        // Another pipeline of this process.
        new LockToken("team", OURS, OTHER_SCOPE, 2).value(),
        // The same name, in another process that reads something else.
        new LockToken("team", BEFORE, OTHER_SCOPE, 1).value(),
        // Names that begin, or end, as ours does.
        new LockToken("team/x", BEFORE, SCOPE, 1).value(),
        new LockToken("team/", BEFORE, SCOPE, 1).value(),
        new LockToken("team/" + BEFORE, BEFORE, SCOPE, 1).value(),
        new LockToken("x/team", BEFORE, SCOPE, 1).value(),
        new LockToken("teams", BEFORE, SCOPE, 1).value(),
        // The original's, and what is no token at all.
        BEFORE.toString(),
        "team",
        "team/",
        "team/1",
        "");
  }

  @ParameterizedTest
  @MethodSource("livingHolders")
  void leavesALockOfAnybodyElseAlone(String holder) throws Exception {
    traffic.redis().set("lock:c", Traffic.text(holder));

    assertThat(acquire(new LockToken("team", OURS, SCOPE, 1))).isNotEmpty();
    assertThat(traffic.holder("lock:c")).isEqualTo(holder);
  }

  private Map<String, String> acquire(LockToken token) throws Exception {
    return acquire(new ChannelLocks(loop, link, token, 20_000)).get(10, TimeUnit.SECONDS);
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
