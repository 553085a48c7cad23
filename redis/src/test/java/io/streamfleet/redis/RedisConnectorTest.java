package io.streamfleet.redis;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.NoticeChannels;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Connections come about without anybody waiting, and fail in time. */
class RedisConnectorTest {

  private static final Duration AMPLE = Duration.ofSeconds(20);

  private static RedisSettings impatient(String url, boolean cluster) {
    return new RedisSettings(
        url, cluster, false, Duration.ofSeconds(1), () -> Credentials.NONE, true, "some test");
  }

  private static RedisConnector to(String url) {
    return RedisConnector.to(impatient(url, false), Duration.ZERO);
  }

  private static Link connected(RedisConnector connector) {
    return result(connector.connectAsync(AMPLE));
  }

  private static String ping(Link link) {
    return result(link.status(CommandType.PING, Link.args()));
  }

  @Test
  void aConnectionComesAboutUnderItsName() {
    try (RedisServer redis = RedisServer.plain();
        RedisConnector connector = to(redis.url())) {
      Link link = connected(connector);

      assertThat(ping(link)).isEqualTo("PONG");
      assertThat(result(link.status(CommandType.CLIENT, Link.args().add("GETNAME"))))
          .isEqualTo("some-test");
    }
  }

  @Test
  void aServerThatIsDownIsAFailure() {
    RedisServer redis = RedisServer.plain();
    redis.close();
    try (RedisConnector connector = to(redis.url())) {
      assertThat(failure(connector.connectAsync(AMPLE)))
          .isInstanceOf(RedisConnectionException.class);
    }
  }

  /** It says so as soon as a client comes, before it is asked anything, and hangs up. */
  @Test
  void whyAServerTakesNobodyIsToldInItsOwnWords() {
    String full = "ERR max number of clients reached";
    try (RedisServer redis = RedisServer.plain();
        RedisConnector connector = to(redis.url());
        LogLines lines = LogLines.of(Obstacle.class)) {
      Link first = connected(connector);
      Link second = connected(connector);
      result(first.status(CommandType.CONFIG, Link.args().add("SET").add("maxclients").add(1)));

      for (int i = 0; i < 10; i++) {
        assertThat(Failures.line(failure(connector.connectAsync(AMPLE)))).isEqualTo(full);
        assertThatThrownBy(connector::connect)
            .satisfies(e -> assertThat(Failures.line(e)).isEqualTo(full));
      }

      result(first.number(CommandType.CLIENT, Link.args().add("KILL").add("TYPE").add("normal")));
      await().atMost(AMPLE).until(() -> lines.matching(full) == 1);
      second.close();
      await().atMost(AMPLE).untilAsserted(() -> assertThat(ping(first)).isEqualTo("PONG"));
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsAFailureAfterTheLimit() {
    try (RedisServer redis = RedisServer.plain();
        RedisConnector connector =
            RedisConnector.to(
                new RedisSettings(
                    redis.url(),
                    false,
                    false,
                    Duration.ofHours(1),
                    () -> Credentials.NONE,
                    true,
                    "test"),
                Duration.ZERO)) {
      redis.pause();
      try {
        assertThat(failure(connector.connectAsync(Duration.ofMillis(200))))
            .isInstanceOf(TimeoutException.class);
      } finally {
        redis.resume();
      }
      // What comes about too late is closed: of all connections only the one that asks stays.
      Link link = connected(connector);
      await()
          .until(
              () ->
                  result(link.status(CommandType.CLIENT, Link.args().add("LIST")))
                          .lines()
                          .filter(line -> line.contains("name=test"))
                          .count()
                      == 1);
    }
  }

  @Test
  void aCallOnAConnectionThatWasLostFailsInTime() {
    RedisServer redis = RedisServer.plain();
    try (RedisConnector connector = to(redis.url())) {
      Link link = connected(connector);
      redis.close();

      assertThat(failure(link.status(CommandType.PING, Link.args())))
          .isInstanceOf(io.lettuce.core.RedisException.class);
    }
  }

  @Test
  void aUrlThatCannotBeReadStartsNoThreads() {
    long before = threads();

    assertThatThrownBy(() -> to("http://nowhere")).isInstanceOf(IllegalArgumentException.class);

    assertThat(threads()).isEqualTo(before);
  }

  @Test
  void manyConnectorsShareTheThreadsOfOne() {
    try (RedisServer redis = RedisServer.plain();
        RedisThreads threads = RedisThreads.start()) {
      List<RedisConnector> connectors = new ArrayList<>();
      connectors.add(
          RedisConnector.sharing(
              threads, impatient(redis.url(), false), Duration.ZERO, InetAddress::getAllByName));
      Link first = connected(connectors.getFirst());
      for (int i = 0; i < 50; i++) {
        connectors.add(
            RedisConnector.sharing(
                threads, impatient(redis.url(), false), Duration.ZERO, InetAddress::getAllByName));
        connected(connectors.getLast());
      }
      // Loops for connections, as many as processors but two at least, computations and a timer.
      assertThat(threads())
          .isLessThanOrEqualTo(Math.max(2, Runtime.getRuntime().availableProcessors()) + 2 + 1);

      // Who goes takes nothing of the others with it.
      connectors.subList(1, 51).forEach(connector -> result(connector.closeAsync()));
      assertThat(ping(first)).isEqualTo("PONG");
      await()
          .until(
              () ->
                  result(first.status(CommandType.CLIENT, Link.args().add("LIST"))).lines().count()
                      == 1);
      connectors.getFirst().close();

      // After the last one has gone, another can come.
      try (RedisConnector late =
          RedisConnector.sharing(
              threads, impatient(redis.url(), false), Duration.ZERO, InetAddress::getAllByName)) {
        assertThat(ping(connected(late))).isEqualTo("PONG");
      }
    }
    await().until(() -> threads() == 0);
  }

  @Test
  void onlyTheOwnConnectionsAreHeardOf() {
    try (RedisServer redis = RedisServer.plain();
        RedisThreads threads = RedisThreads.start();
        RedisConnector one =
            RedisConnector.sharing(
                threads, impatient(redis.url(), false), Duration.ZERO, InetAddress::getAllByName);
        RedisConnector other =
            RedisConnector.sharing(
                threads, impatient(redis.url(), false), Duration.ZERO, InetAddress::getAllByName)) {
      List<String> heard = new CopyOnWriteArrayList<>();
      one.onConnected(() -> heard.add("one"));
      other.onConnected(() -> heard.add("other"));

      connected(one);

      await().until(() -> !heard.isEmpty());
      connected(other);
      await().until(() -> heard.contains("other"));
      assertThat(heard).containsExactly("one", "other");
    }
  }

  /** Threads of the client, on which all connections run. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lettuce-"))
        .filter(Thread::isAlive)
        .count();
  }

  @Test
  void aConnectorThatIsClosedFailsAndThrowsNothing() {
    try (RedisServer redis = RedisServer.plain()) {
      RedisConnector connector = to(redis.url());
      Link link = connected(connector);
      result(connector.closeAsync());

      assertThat(failure(connector.connectAsync(Duration.ofSeconds(5)))).isNotNull();
      assertThat(failure(link.status(CommandType.PING, Link.args()))).isNotNull();
    }
  }

  @Test
  void noticesAreHeard() {
    try (RedisServer redis = RedisServer.plain();
        RedisConnector connector = to(redis.url())) {
      List<String> heard = new CopyOnWriteArrayList<>();
      Link link = connected(connector);
      try (Subscription subscription =
          connector.subscribe(
              List.of("news"),
              new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                  heard.add(message);
                }
              })) {
        result(subscription.subscribed());
        subscription.ping();
        result(link.number(CommandType.PUBLISH, Link.args().add("news").add("good")));
        await().untilAsserted(() -> assertThat(heard).containsExactly("good"));
      }
    }
  }

  @Test
  void aClusterIsFoundFromOneNodeWithoutAnybodyWaiting() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisConnector connector =
            RedisConnector.to(impatient(cluster.url(), true), Duration.ZERO)) {
      Link link = connected(connector);

      assertThat(link.isCluster()).isTrue();
      for (String key : List.of("a", "b", "c", "d")) {
        assertThat(result(link.number(CommandType.XLEN, Link.args().addKey(key)))).isZero();
      }
      assertThat(link.shareSlot(List.of("{a}1", "{a}2"))).isTrue();
      assertThat(link.shareSlot(List.of("a", "b"))).isFalse();
      assertThat(link.bySlot(List.of("a", "b", "{a}2"))).hasSize(2);
      result(link.identify());
      NoticeChannels channels = new NoticeChannels("n");
      ConsumerGroup group = new ConsumerGroup("s", "g");
      assertThat(result(channels.isListening(link, group, "c"))).contains(false);
      try (RedisConnector listener =
          RedisConnector.to(impatient(cluster.url(), true), Duration.ZERO)) {
        listener
            .subscribe(List.of(channels.ofConsumer(group, "c")), new RedisPubSubAdapter<>() {})
            .subscribed()
            .join();
        // Whatever node the listener is at.
        assertThat(result(channels.isListening(link, group, "c"))).contains(true);
      }

      link.close();
      assertThat(failure(link.number(CommandType.XLEN, Link.args().addKey("a"))))
          .isInstanceOf(io.lettuce.core.RedisException.class);
    }
  }

  @Test
  void aClusterThatIsDownIsAFailure() {
    RedisServer redis = RedisServer.plain();
    redis.close();
    try (RedisConnector connector =
        RedisConnector.to(impatient(redis.url(), true), Duration.ZERO)) {
      assertThat(failure(connector.connectAsync(AMPLE)))
          .isInstanceOf(io.lettuce.core.RedisException.class);
    }
  }
}
