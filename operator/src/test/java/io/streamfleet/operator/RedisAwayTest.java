package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.change;
import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XReadArgs;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis may be away: Kubernetes' side goes on, and Redis' side follows when it is back. */
class RedisAwayTest {

  /** For an operator that has to wait for Redis' word first, and is not alone on the machine. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new EmbeddedCluster();
    cluster.operator("STREAMFLEET_REDIS_TIMEOUT", "1s");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static LiveFleet fleet(String name, int port, String startFrom) {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), name);
    fleet.applyWhole(
        "redis://127.0.0.1:%d/0".formatted(port),
        """
        inbound:
          streams: ["%s:in"]
          group: workers
          startFrom: "%s"
          handler: {builtin: Discard}
        """
            .formatted(name, startFrom));
    return fleet;
  }

  @Test
  void workersStartAllTheSameAndGroupsFollowWhenRedisComes() {
    int port;
    try (RedisServer gone = RedisServer.plain()) {
      port = gone.port();
    }
    List<LiveFleet> fleets =
        List.of(
            fleet("from-start", port, "Beginning"),
            fleet("from-end", port, "End"),
            fleet("from-id", port, "7-3"));

    for (LiveFleet fleet : fleets) {
      await().atMost(SOON).until(() -> fleet.deployment().get() != null);
      fleet.becomesReady().becomes("RedisReachable", "False/ConnectionFailed");
      assertThat(fleet.message("RedisReachable")).contains("127.0.0.1:" + port);
    }

    try (RedisServer redis = RedisServer.builder().port(port).start();
        RedisClient client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      fleets.forEach(fleet -> fleet.becomes("RedisReachable", "True/Answers"));
      eventually(
          () -> {
            assertThat(start(connection.sync().xinfoGroups("from-start:in"))).isEqualTo("0-0");
            assertThat(start(connection.sync().xinfoGroups("from-end:in"))).isEqualTo("0-0");
            assertThat(start(connection.sync().xinfoGroups("from-id:in"))).isEqualTo("7-3");
          });
    }
    fleets.forEach(fleet -> fleet.becomes("RedisReachable", "False/ConnectionFailed"));
    fleets.forEach(fleet -> fleet.resource().delete());
  }

  @Test
  void aGroupThatStartsAtTheEndPassesOverWhatWasThere() {
    cluster.redis().xadd("late-end:in", Map.of("n", "1"));
    String last = cluster.redis().xadd("late-end:in", Map.of("n", "2"));
    LiveFleet fleet = fleet("late-end", cluster.redisServer().port(), "End");

    eventually(() -> assertThat(fleet.group()).containsEntry("last-delivered-id", last));
  }

  @Test
  void aRedisThatNeverAnswersHoldsNothingUp() throws IOException {
    // The kernel takes connections for it, and nobody ever reads them.
    try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      LiveFleet fleet = fleet("hole", hole.getLocalPort(), "Beginning");

      await().atMost(SOON).until(() -> fleet.deployment().get() != null);

      fleet.becomesReady();
      eventually(() -> assertThat(fleet.condition("RedisReachable")).startsWith("False/"));
      assertThat(fleet.condition("RedisReachable"))
          .isIn("False/NoAnswer", "False/ConnectionFailed");
      eventually(() -> assertThat(fleet.events("RedisUnreachable")).hasSize(1));
      fleet.resource().delete();
    }
  }

  @Test
  void aReplicaAnswersAndIsSaidToServeNothing() {
    try (RedisServer replica = RedisServer.plain();
        RedisClient client = RedisClient.create(replica.url());
        var connection = client.connect()) {
      connection.sync().replicaof("127.0.0.1", cluster.redisServer().port());
      LiveFleet fleet = fleet("replica", replica.port(), "Beginning");

      fleet.becomes("RedisReachable", "False/NotServing");
      assertThat(fleet.message("RedisReachable"))
          .contains("127.0.0.1:%d answers, but can't serve: ".formatted(replica.port()));

      connection.sync().replicaofNoOne();

      fleet.becomes("RedisReachable", "True/Answers");

      // One that was well before: its connection is given up, and so is the next one.
      connection.sync().replicaof("127.0.0.1", cluster.redisServer().port());
      eventually(
          () -> {
            assertThat(fleet.condition("RedisReachable")).startsWith("False/");
            assertThat(fleet.message("RedisReachable")).contains("READONLY");
          });
      connection.sync().replicaofNoOne();
      fleet.becomes("RedisReachable", "True/Answers");
      fleet.resource().delete();
    }
  }

  /** It answers, so it is looked at as before; whoever has to act is told in its own words. */
  @Test
  void aServerThatRefusesWritesIsSaidSoInItsOwnWords() {
    try (RedisServer full = RedisServer.plain();
        RedisClient client = RedisClient.create(full.url());
        var connection = client.connect()) {
      LiveFleet fleet = fleet("full", full.port(), "Beginning");
      fleet.becomes("RedisReachable", "True/Answers").becomesReady();

      connection.sync().configSet("maxmemory", "1");

      fleet.becomes("RedisReachable", "False/WritesRefused");
      assertThat(fleet.message("RedisReachable"))
          .startsWith("Redis refuses all writes: OOM command not allowed");
      eventually(
          () ->
              assertThat(fleet.events("RedisRefusesWrites"))
                  .singleElement()
                  .satisfies(event -> assertThat(event.getMessage()).contains("OOM")));
      assertThat(metric("streamfleet_operator_redis_writable", "full")).isZero();
      assertThat(metric("streamfleet_operator_redis_reachable", "full")).isOne();

      connection.sync().configSet("maxmemory", "0");

      fleet.becomes("RedisReachable", "True/Answers");
      eventually(() -> assertThat(fleet.events("RedisReachable")).hasSize(1));
      assertThat(metric("streamfleet_operator_redis_writable", "full")).isOne();
      fleet.resource().delete();
    }
  }

  @Test
  @SuppressWarnings("unchecked") // an array of one kind of offsets
  void whatIsLostOrSoonWillBeIsToldInAnEvent() {
    LiveFleet fleet =
        cluster.fleet("losing", "deadLetter: {stream: \"losing:dlq\", maxLength: 10}");
    fleet.becomesReady().becomes("RedisReachable", "True/Answers");
    for (int i = 0; i < 9; i++) {
      cluster.redis().xadd("losing:in", Map.of("n", "1"));
      cluster.redis().xadd("losing:dlq", Map.of("n", "1"));
    }
    eventually(() -> assertThat(fleet.events("DeadLettersNearLimit")).hasSize(1));
    // Of a group that has never read anything Redis does not count what it missed.
    cluster
        .redis()
        .xreadgroup(
            Consumer.from("workers", "somebody"),
            XReadArgs.Builder.count(1),
            XReadArgs.StreamOffset.lastConsumed("losing:in"));
    assertThat(fleet.events("UnreadTrimmed")).isEmpty();

    cluster.redis().xtrim("losing:in", 3);

    eventually(() -> assertThat(fleet.events("UnreadTrimmed")).hasSize(1));
    eventually(() -> assertThat(fleet.status().lag()).isEqualTo(3));
    fleet.resource().delete();
  }

  private static Double metric(String name, String fleet) {
    return cluster
        .registry()
        .getSampleValue(
            name, new String[] {"namespace", "name"}, new String[] {cluster.namespace(), fleet});
  }

  @Test
  void aSecretWithoutThePasswordIsNamedWhetherOrNotRedisAsksForIt() {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("keyless")
                .withNamespace(cluster.namespace())
                .endMetadata()
                .addToStringData("pass", "word")
                .build())
        .create();
    try (RedisServer locked = RedisServer.plain();
        RedisClient client = RedisClient.create(locked.url());
        var connection = client.connect()) {
      LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "keyless");

      fleet.applySpec(
          """
          redis: {url: "%s", credentialsSecret: {name: keyless}}
          inbound: {streams: ["keyless:in"], group: workers, handler: {builtin: Discard}}
          """
              .formatted(locked.url()));

      fleet.becomes("RedisReachable", "False/SecretMissing");
      assertThat(fleet.message("RedisReachable"))
          .contains("the Secret keyless has no key password");
      connection.sync().configSet("requirepass", "word");
      change(
          cluster.client().secrets().inNamespace(cluster.namespace()).withName("keyless"),
          secret -> secret.setStringData(Map.of("password", "word")));
      fleet.becomes("RedisReachable", "True/Answers");
      fleet.resource().delete();
    }
  }

  @Test
  void groupsAreThereBeforeTheWorkers() {
    List<Long> groups = new CopyOnWriteArrayList<>();
    cluster
        .server()
        .listen(
            request -> {
              if (request.resource().equals("deployments")
                  && request.verb().equals("patch")
                  && request.name().equals("orderly-worker")) {
                groups.add(cluster.redis().exists("orderly:in"));
              }
            });

    cluster.fleet("orderly", "").becomesReady();

    assertThat(groups).isNotEmpty().first().isEqualTo(1L);
  }

  @Test
  void aStreamThatIsNoneIsNoTroubleOfOthers() {
    cluster.redis().set("string:in", "a string");
    LiveFleet broken = cluster.fleet("string", "");
    LiveFleet sound = cluster.fleet("sound", "");

    broken.becomes("RedisReachable", "True/PartlyRefused");
    assertThat(broken.message("RedisReachable")).contains("string:in", "WRONGTYPE");
    sound.becomes("RedisReachable", "True/Answers").becomesReady();
    assertThat(sound.group()).isNotEmpty();

    cluster.redis().del("string:in");

    broken.becomes("RedisReachable", "True/Answers");
    eventually(() -> assertThat(broken.group()).isNotEmpty());
  }

  @Test
  void aDeadLetterStreamThatIsNoneIsNamed() {
    LiveFleet fleet =
        cluster.fleet("unburied", "deadLetter: {stream: \"unburied:dlq\"}").becomesReady();

    cluster.redis().set("unburied:dlq", "a string");

    fleet.becomes("RedisReachable", "True/PartlyRefused");
    assertThat(fleet.message("RedisReachable")).contains("unburied:dlq: WRONGTYPE");
  }

  @Test
  void aResourceThatWasMadeAnewHasItsGroupsMadeAnew() {
    LiveFleet fleet = cluster.fleet("anew", "").becomesReady();
    cluster.redis().del("anew:in");
    fleet.resource().delete();
    fleet.applyWhole(
        cluster.redisUrl(),
        "inbound: {streams: [\"anew:in\"], group: workers, startFrom: End, handler: {builtin:"
            + " Log}}");

    eventually(() -> assertThat(fleet.group()).isNotEmpty());
  }

  private static String start(List<Object> groups) {
    List<?> fields = (List<?>) groups.getFirst();
    return String.valueOf(fields.get(fields.indexOf("last-delivered-id") + 1));
  }
}
