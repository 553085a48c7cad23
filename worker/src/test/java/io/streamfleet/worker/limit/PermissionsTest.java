package io.streamfleet.worker.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.limit.Permissions.OfChannel;
import io.streamfleet.worker.limit.Permissions.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many permissions to begin there are in Redis, and for whom. */
class PermissionsTest {

  /** So slow that no other comes while a test runs. */
  private static final double HOUR = 3_600_000_000.0;

  private static RedisServer redis;
  private static RedisConnector connector;
  private static Link link;
  private static int keys;

  private final String key = "sg:limit:" + ++keys;

  @BeforeAll
  static void start() {
    redis = RedisServer.plain();
    connector = RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ZERO);
    link = connector.connect();
  }

  @AfterAll
  static void stop() {
    link.close();
    connector.close();
    redis.close();
  }

  private Taken take(Rates rates, Map<String, Integer> wanted) {
    return new Permissions(link).take(rates, wanted).join();
  }

  private Rates ofPlatform(int burst) {
    return new Rates(new Rates.Bound(HOUR, burst), null, key);
  }

  private static List<Integer> counts(Taken taken) {
    return taken.ofChannels().stream().map(OfChannel::count).toList();
  }

  @Test
  void thereAreAsManyAtOnceAsTheBurstAllowsAndThenTheyComeEvenly() {
    Taken first = take(ofPlatform(5), Map.of("", 10));
    Taken second = take(ofPlatform(5), Map.of("", 10));

    assertThat(counts(first)).containsExactly(5);
    assertThat(counts(second)).containsExactly(0);
    assertThat(second.next()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
  }

  @Test
  void permissionsNotTakenRemainForOthers() {
    assertThat(counts(take(ofPlatform(5), Map.of("", 2)))).containsExactly(2);
    Taken rest = take(ofPlatform(5), Map.of("", 2));
    assertThat(counts(rest)).containsExactly(2);
    assertThat(rest.next()).isZero();
    assertThat(counts(take(ofPlatform(5), Map.of("", 2)))).containsExactly(1);
  }

  @Test
  void aChannelHasItsOwnRateBesideThatOfThePlatform() {
    Rates rates = new Rates(new Rates.Bound(HOUR, 5), new Rates.Bound(HOUR, 2), key);
    Map<String, Integer> wanted = new LinkedHashMap<>();
    wanted.put("a", 3);
    wanted.put("b", 1);
    wanted.put("c", 3);

    assertThat(counts(take(rates, wanted))).containsExactly(2, 1, 2);
    Taken after = take(rates, wanted);
    assertThat(counts(after)).containsExactly(0, 0, 0);
    assertThat(after.ofChannels().get(1).next()).as("b has one left").isZero();
  }

  @Test
  void whereOnlyChannelsHaveARateNoneTakesFromAnother() {
    Rates rates = new Rates(null, new Rates.Bound(HOUR, 2), key);

    assertThat(counts(take(rates, Map.of("a", 9)))).containsExactly(2);
    assertThat(counts(take(rates, Map.of("b", 9)))).containsExactly(2);
    assertThat(counts(take(rates, Map.of("a", 9)))).containsExactly(0);
  }

  @Test
  void permissionsComeBackWithTimeAndTheKeyGoes() {
    Rates rates = new Rates(new Rates.Bound(20_000, 1), null, key);
    take(rates, Map.of("", 1));

    await().until(() -> counts(take(rates, Map.of("", 1))).equals(List.of(1)));
    await().until(() -> link.number(CommandType.EXISTS, Link.args().addKey(key)).join() == 0);
  }

  @Test
  void aClockThatGoesBackMakesNobodyWaitForLongerThanAFullBucketTakes() {
    long inAnHour = (System.currentTimeMillis() + Duration.ofHours(1).toMillis()) * 1_000;
    link.status(CommandType.SET, Link.args().addKey(key).add(Long.toString(inAnHour))).join();
    Rates rates = new Rates(new Rates.Bound(20_000, 5), null, key);

    await().until(() -> counts(take(rates, Map.of("", 1))).equals(List.of(1)));
  }

  @Test
  void concurrentRequestsGetNoMoreThanTheLimit() {
    List<CompletableFuture<Taken>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      calls.add(new Permissions(link).take(ofPlatform(100), Map.of("", 7)));
    }

    assertThat(calls.stream().mapToInt(it -> counts(it.join()).getFirst()).sum()).isEqualTo(100);
  }
}
