package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.embedded.RedisServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AckWatchTest {

  private static final String STREAM = "stream";

  private final RedisServer server = RedisServer.plain();
  private final RedisClient client = RedisClient.create(server.url());
  private final RedisCommands<String, String> redis = client.connect().sync();
  private final Settled settled = new Settled(server.url(), STREAM, "group");

  @BeforeEach
  void createGroup() {
    redis.xgroupCreate(
        StreamOffset.from(STREAM, "0-0"), "group", XGroupCreateArgs.Builder.mkstream());
  }

  @AfterEach
  void stop() {
    settled.close();
    client.shutdown();
    server.close();
  }

  @Test
  void anEntryIsSettledOnceItIsAcknowledgedAndNotBefore() {
    String first = add();
    String second = add();
    List<String> both = List.of(first, second);

    assertThat(settled.of(both).ids()).as("not delivered").isEmpty();
    read();
    assertThat(settled.of(both).ids()).as("pending").isEmpty();
    redis.xack(STREAM, "group", second);
    assertThat(settled.of(both).ids()).containsExactly(second);
    redis.xack(STREAM, "group", first);
    assertThat(settled.of(both).ids()).containsExactly(first, second);
  }

  @Test
  void lookingLeavesThePendingListAsItIs() {
    String id = add();
    read();
    redis.xclaim(STREAM, Consumer.from("group", "reader"), longAgo(), id);
    long idle = pendingMillis();

    for (int i = 0; i < 100; i++) {
      settled.of(List.of(id));
    }

    assertThat(pendingMillis()).isGreaterThanOrEqualTo(idle);
    assertThat(redis.xpending(STREAM, "group").getCount()).isEqualTo(1);
  }

  @Test
  void theWatchSeesAnAcknowledgementOnlyAfterItWasMade() {
    try (AckWatch watch = new AckWatch(server.url(), STREAM, "group")) {
      String early = add();
      String late = add();
      read();
      long intended = Stopwatch.micros(Instant.now());
      watch.added(early, intended);
      watch.added(late, intended);

      redis.xack(STREAM, "group", early);
      await().until(() -> watch.open() == 1);
      // Many looks later the other one is open yet.
      await().until(() -> looks() > 100);
      assertThat(watch.micros().getTotalCount()).isEqualTo(1);

      long before = Stopwatch.micros(Instant.now());
      redis.xack(STREAM, "group", late);
      await().until(() -> watch.open() == 0);

      assertThat(watch.micros().getTotalCount()).isEqualTo(2);
      // The histogram has three digits.
      assertThat(watch.micros().getMaxValue() * 1.001)
          .isGreaterThanOrEqualTo((double) (before - intended));
    }
  }

  @Test
  void aWatchOfAGroupThatThereIsNotSaysSo() {
    try (AckWatch watch = new AckWatch(server.url(), STREAM, "nobody")) {
      watch.added("1-0", 0);

      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(watch::open)
                      .isInstanceOf(IllegalStateException.class)
                      .hasStackTraceContaining("nobody"));
    }
  }

  private String add() {
    return redis.xadd(STREAM, Map.of("data", "x"));
  }

  @SuppressWarnings("unchecked")
  private List<StreamMessage<String, String>> read() {
    return redis.xreadgroup(
        Consumer.from("group", "reader"),
        XReadArgs.Builder.count(10),
        StreamOffset.lastConsumed(STREAM));
  }

  private static XClaimArgs longAgo() {
    return new XClaimArgs().minIdleTime(0).idle(60_000).force();
  }

  private long pendingMillis() {
    return redis
        .xpending(STREAM, "group", Range.unbounded(), Limit.from(1))
        .getFirst()
        .getMsSinceLastDelivery();
  }

  private long looks() {
    return redis
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_evalsha:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("^[^:]*:calls=(\\d+).*$", "$1")))
        .sum();
  }
}
