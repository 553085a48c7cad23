package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.SetArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.LockScope;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelLocksTest {

  private static final LockScope SCOPE = LockScope.of(new ConsumerGroup("in", "g"));
  private static final LockScope OTHER_SCOPE = LockScope.of(new ConsumerGroup("more", "g"));
  private static final UUID OURS = new UUID(0, 0);
  private static final UUID BEFORE = new UUID(7, 0);

  private final List<Duration> jumpsBack = new CopyOnWriteArrayList<>();
  private final ServerClock clock =
      new ServerClock((by, back) -> Stream.of(by).filter(it -> back).forEach(jumpsBack::add));
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

  /** A former process with our name and our streams is dead: its locks are taken over at once. */
  @ParameterizedTest
  @ValueSource(strings = {"team", "team/x", "/", ""})
  void takesOverALockOfAnEarlierLife(String name) {
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
  void leavesALockOfAnybodyElseAlone(String holder) {
    traffic.redis().set("lock:c", Traffic.text(holder));

    assertThat(acquire(new LockToken("team", OURS, SCOPE, 1))).isNotEmpty();
    assertThat(traffic.holder("lock:c")).isEqualTo(holder);
  }

  /** What an ACL forbids fails a call as a whole; the other keys are asked for again without it. */
  @Test
  void treatsTheOtherLocksAsIfNoKeyWereRefused() throws Exception {
    traffic
        .redis()
        .aclSetuser(
            "narrow",
            AclSetuserArgs.Builder.on().addPassword("secret").allCommands().keyPattern("lock:*"));
    traffic.redis().lpush("lock:17", Traffic.text("no lock"));
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add(i == 11 ? "forbidden" : "lock:" + i);
    }
    List<String> ours =
        keys.stream().filter(key -> !key.equals("forbidden") && !key.equals("lock:17")).toList();
    String url = redis.url().replace("redis://", "redis://narrow:secret@");
    try (RedisConnector narrow =
            RedisConnector.to(RedisSettings.plain(url), Duration.ofSeconds(1));
        Link link = narrow.connect()) {
      ChannelLocks locks =
          new ChannelLocks(loop, link, new LockToken("w1", OURS, SCOPE, 1), 20_000, clock);

      Answers<Map<String, String>> acquired = new Answers<>();
      loop.execute(() -> locks.acquire(keys, acquired));
      await().until(() -> acquired.heardOf.size() == 40);
      assertThat(acquired.refused).containsOnlyKeys("forbidden", "lock:17");
      assertThat(traffic.redis().keys("lock:*")).containsAll(ours);

      traffic.redis().set("lock:5", Traffic.text("w2/token"));
      Answers<List<String>> renewed = new Answers<>();
      loop.execute(() -> locks.renew(keys, renewed));
      await().until(() -> renewed.heardOf.size() == 40);
      assertThat(renewed.refused).containsOnlyKeys("forbidden");
      assertThat(renewed.answers.stream().flatMap(List::stream)).containsOnly("lock:5", "lock:17");

      locks.release(keys, (page, failure) -> {}).get(10, TimeUnit.SECONDS);
      assertThat(traffic.redis().keys("lock:*")).containsOnly("lock:5", "lock:17");
      assertThat(acquired.failed).isEmpty();
      assertThat(renewed.failed).isEmpty();
    }
  }

  /** The clock of Redis went back an hour, and so the lock of a dead worker would last an hour. */
  @Test
  void leavesNoTokenMoreThanItsTimeWhenTheClockOfRedisWentBack() {
    LockToken ours = new LockToken("w1", OURS, SCOPE, 1);
    String dead = new LockToken("w2", BEFORE, SCOPE, 1).value();
    traffic.redis().set("lock:c", Traffic.text(dead), SetArgs.Builder.px(3_600_000));
    assertThat(acquire(ours)).containsEntry("lock:c", dead);
    assertThat(traffic.redis().pttl("lock:c")).isGreaterThan(3_000_000);

    clock.saw(System.currentTimeMillis() + 3_600_000, loop.now(), loop.now());
    acquire(ours);
    assertThat(jumpsBack)
        .singleElement()
        .satisfies(by -> assertThat(by).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61)));

    assertThat(acquire(ours)).containsEntry("lock:c", dead);
    assertThat(traffic.redis().pttl("lock:c")).isBetween(1L, 20_000L);
    // Set by an operator to stop the channel for an hour.
    traffic.redis().set("lock:c", Traffic.text("maintenance"), SetArgs.Builder.px(3_600_000));
    assertThat(acquire(ours)).containsEntry("lock:c", "maintenance");
    assertThat(traffic.redis().pttl("lock:c")).isGreaterThan(3_000_000);
  }

  private Map<String, String> acquire(LockToken token) {
    ChannelLocks locks = new ChannelLocks(loop, link, token, 20_000, clock);
    Answers<Map<String, String>> answers = new Answers<>();
    loop.execute(() -> locks.acquire(List.of("lock:c"), answers));
    await().until(() -> answers.heardOf.size() == 1);
    assertThat(answers.refused).isEmpty();
    return answers.answers.getFirst();
  }

  /** Everything that the listener received. */
  private static final class Answers<T> implements LaneLocks.Callback<T> {

    final List<String> heardOf = new CopyOnWriteArrayList<>();
    final List<T> answers = new CopyOnWriteArrayList<>();
    final Map<String, String> refused = new ConcurrentHashMap<>();
    final List<Throwable> failed = new CopyOnWriteArrayList<>();

    @Override
    public void answered(List<String> keys, T answer, long sentAt) {
      answers.add(answer);
      heardOf.addAll(keys);
    }

    @Override
    public void refused(String key, String reason) {
      refused.put(key, reason);
      heardOf.add(key);
    }

    @Override
    public void failed(List<String> keys, Throwable failure) {
      failed.add(failure);
      heardOf.addAll(keys);
    }
  }
}
