package io.streamfleet.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.Manifest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.redis.RedisObservation.Away;
import io.streamfleet.operator.redis.RedisObservation.Reason;
import io.streamfleet.operator.redis.RedisObservation.Seen;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Secret;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is seen of Redis, whatever happens to it. */
class RedisObservatoryTest {

  @AutoClose private final RedisServer server = RedisServer.plain();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final List<String> created = new CopyOnWriteArrayList<>();
  private final List<RedisObservation> observations = new CopyOnWriteArrayList<>();
  private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private volatile boolean audienceFails;
  private volatile boolean audienceBreaks;

  @AutoClose("shutdown")
  private final RedisClient client = RedisClient.create(RedisURI.create(server.url()));

  @AutoClose
  private final RedisObservatory observatory =
      new RedisObservatory(
          (namespace, name) -> Optional.ofNullable(secrets.get(name)),
          Duration.ofMillis(200),
          Duration.ofMillis(800),
          new OperatorMetrics(registry, "test"),
          new RedisObservatory.Audience() {
            @Override
            public void seen(Fleet fleet, RedisObservation before, RedisObservation now) {
              if (audienceBreaks && fleet.name().equals("broken")) {
                throw new StackOverflowError("for a test");
              }
              told.add(fleet.name() + " " + now.getClass().getSimpleName());
              observations.add(now);
              if (audienceFails) {
                throw new IllegalStateException("nobody wants to hear it");
              }
            }

            @Override
            public void created(Fleet fleet, ConsumerGroup group) {
              created.add(fleet.name() + " " + group.stream());
            }
          },
          new Random(7));

  private RedisCommands<String, String> redis() {
    return client.connect().sync();
  }

  private static Fleet fleet(String name, String uid, String url, String inbound, String more) {
    return new Fleet(
        "ns",
        name,
        uid,
        1,
        Manifest.read(
                """
                redis:
                  url: "%s"
                %s
                inbound: {handler: {builtin: Discard}, %s}
                """
                    .formatted(url, more, inbound))
            .spec());
  }

  private Fleet fleet(String name, String inbound) {
    return fleet(name, "uid", server.url(), inbound, "");
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(50));
  }

  private boolean isSeen(Fleet fleet) {
    return observatory.observation(fleet.id()) instanceof Seen;
  }

  private Optional<Reason> trouble(Fleet fleet) {
    return observatory.observation(fleet.id()) instanceof Away away
        ? Optional.of(away.reason())
        : Optional.empty();
  }

  private long connections() {
    return redis()
        .clientList()
        .lines()
        .filter(line -> line.contains("name=streamfleet-operator"))
        .count();
  }

  private double targets() {
    return registry.getSampleValue("streamfleet_operator_redis_targets");
  }

  /** An Error would end the only thread that looks at this Redis, and nobody would know. */
  @Test
  void anErrorOfWhoHearsOfItEndsNoLookAndIsNoMatterOfOthers() {
    audienceBreaks = true;
    observatory.watch(fleet("broken", "streams: [a]"));
    observatory.watch(fleet("sound", "streams: [b]"));

    soon().until(() -> told.contains("sound Seen"));
    told.clear();
    soon().until(() -> told.contains("sound Seen"));
    assertThat(told).doesNotContain("sound Away");

    audienceBreaks = false;
    soon().until(() -> told.contains("broken Seen"));
  }

  private boolean tellsSettings(Fleet fleet) {
    return observatory.observation(fleet.id()) instanceof Seen seen && seen.workers().isPresent();
  }

  @Test
  void whoeverForbidsToCountListenersIsTakenForNoOneWhoIsAway() {
    Fleet fleet = fleet("chat", "streams: [a]");
    observatory.watch(fleet);
    soon().until(() -> tellsSettings(fleet));

    redis().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.PUBSUB));

    soon().until(() -> isSeen(fleet) && !tellsSettings(fleet));
    assertThat(told).doesNotContain("chat Away");
  }

  @Test
  void resourcesOfOneRedisShareAConnectionThatGoesWithTheLast() {
    List<Fleet> fleets =
        List.of(fleet("a", "streams: [a]"), fleet("b", "streams: [b]"), fleet("c", "streams: [c]"));
    fleets.forEach(observatory::watch);
    soon().until(() -> fleets.stream().allMatch(this::isSeen));

    assertThat(connections()).isEqualTo(1);
    assertThat(targets()).isEqualTo(1);
    assertThat(created).containsExactlyInAnyOrder("a a", "b b", "c c");
    fleets.forEach(fleet -> observatory.forget(fleet.id()));
    soon().until(() -> connections() == 0);
    assertThat(targets()).isZero();
    assertThat(observatory.observation(fleets.getFirst().id()))
        .isInstanceOf(RedisObservation.Untried.class);
  }

  @Test
  void aResourceThatMovesLeavesItsOldRedis() {
    try (RedisServer other = RedisServer.plain()) {
      observatory.watch(fleet("a", "streams: [a]"));
      Fleet moved = fleet("a", "uid", other.url(), "streams: [a]", "");
      soon().until(() -> connections() == 1);

      observatory.watch(moved);

      soon().until(() -> isSeen(moved) && connections() == 0);
      assertThat(targets()).isEqualTo(1);
    }
  }

  @Test
  void aResourceThatWasMadeAnewIsAnother() {
    Fleet old = fleet("a", "streams: [a]");
    observatory.watch(old);
    soon().until(() -> isSeen(old));

    observatory.watch(fleet("a", "another uid", server.url(), "streams: [b]", ""));

    soon().until(() -> created.contains("a b"));
  }

  /** Whoever deletes a group then would find it made again by the next look. */
  @Test
  void aGroupOfAResourceThatGoesIsNotMadeAgain() {
    Fleet fleet = fleet("a", "streams: [a]");
    Fleet other = fleet("b", "streams: [b]");
    observatory.watch(fleet);
    observatory.watch(other);
    soon().until(() -> created.containsAll(List.of("a a", "b b")));

    assertThat(observatory.watchLeaving(fleet))
        .succeedsWithin(Duration.ofSeconds(10))
        .isEqualTo(true);
    redis().xgroupDestroy("a", "sg:workers");
    // By the second time all has been done that the first look at it led to.
    for (int times = 2; times <= 3; times++) {
      redis().xgroupDestroy("b", "sg:workers");
      long now = times;
      soon().until(() -> created.stream().filter("b b"::equals).count() == now);
    }
    assertThat(created).containsOnlyOnce("a a");
  }

  @Test
  void aRedisThatIsStoppedIsAwayUntilItIsBackAndGetsItsGroupsAgain() throws Exception {
    Fleet fleet = fleet("a", "streams: [a]");
    Fleet end = fleet("e", "streams: [e], startFrom: End");
    observatory.watch(fleet);
    observatory.watch(end);
    soon().until(() -> isSeen(fleet) && isSeen(end));

    server.stop();
    soon().until(() -> trouble(fleet).isPresent());
    server.start();

    soon().until(() -> isSeen(fleet) && presence(fleet) == Presence.PRESENT);
    soon().until(() -> presence(end) == Presence.PRESENT);
    assertThat(created).filteredOn("a a"::equals).hasSize(2);
    assertThat(created).filteredOn("e e"::equals).hasSize(2);
  }

  @Test
  void aGroupThatStartsAtTheEndIsMadeAgainWhereItWas() {
    redis().xadd("e", Map.of("data", "before"));
    Fleet end = fleet("e", "streams: [e], startFrom: End");
    observatory.watch(end);
    soon().until(() -> isSeen(end) && created.contains("e e"));

    // One step: nobody sees the stream without the new entries.
    RedisCommands<String, String> connection = redis();
    connection.multi();
    connection.del("e");
    connection.xadd("e", new XAddArgs().id("1-1"), Map.of("data", "first"));
    connection.xadd("e", new XAddArgs().id("2-1"), Map.of("data", "second"));
    connection.exec();

    soon().until(() -> created.stream().filter("e e"::equals).count() == 2);
    assertThat(delivered("e")).isEqualTo(2);
  }

  /** How many new entries the group has for a consumer. */
  @SuppressWarnings("unchecked") // an array of one kind of offsets
  private int delivered(String stream) {
    return redis()
        .xreadgroup(Consumer.from("sg:workers", "a"), XReadArgs.StreamOffset.lastConsumed(stream))
        .size();
  }

  private Presence presence(Fleet fleet) {
    return observatory.observation(fleet.id()) instanceof Seen seen
        ? seen.groups().getFirst().presence()
        : Presence.UNKNOWN;
  }

  @Test
  void aRedisThatIsAwayAtFirstGetsItsGroupsWhenItComesWhereverTheyStart() throws Exception {
    server.stop();
    Fleet end = fleet("e", "streams: [e], startFrom: End");

    assertThat(observatory.watch(end)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);

    assertThat(trouble(end)).contains(Reason.ConnectionFailed);
    server.start();
    soon().until(() -> created.contains("e e"));
  }

  @Test
  void aRedisThatHangsIsAwayAndThenBack() {
    Fleet fleet = fleet("a", "streams: [a]");
    observatory.watch(fleet);
    soon().until(() -> isSeen(fleet));

    server.pause();
    soon().until(() -> trouble(fleet).isPresent());
    server.resume();

    soon().until(() -> isSeen(fleet));
  }

  @Test
  void aPasswordThatChangesIsReadAnewAndAMissingSecretIsNamed() {
    Fleet fleet =
        fleet("a", "uid", server.url(), "streams: [a]", "  credentialsSecret: {name: login}");
    observatory.watch(fleet);
    soon().until(() -> trouble(fleet).equals(Optional.of(Reason.SecretMissing)));
    assertThat(observatory.observation(fleet.id()).toString()).contains("login");
    var console = redis();
    console.configSet("requirepass", "one");
    secrets.put("login", password("wrong"));

    soon().until(() -> trouble(fleet).equals(Optional.of(Reason.AuthenticationFailed)));
    assertThat(observatory.observation(fleet.id()).toString()).doesNotContain("wrong");

    secrets.put("login", password("one"));
    soon().until(() -> isSeen(fleet));
    console.configSet("requirepass", "two");
    secrets.put("login", password("two"));
    console.clientKill(io.lettuce.core.KillArgs.Builder.typeNormal().skipme());
    soon().until(() -> isSeen(fleet) && created.contains("a a"));
    console.configSet("requirepass", "");
  }

  /** As the page about rotation has it, and then somebody closes the connections. */
  @Test
  void aConnectionThatIsCutComesBackWithThePasswordOfNow() {
    var console = redis();
    console.configSet("requirepass", "one");
    secrets.put("login", password("one"));
    Fleet fleet =
        fleet("a", "uid", server.url(), "streams: [a]", "  credentialsSecret: {name: login}");
    observatory.watch(fleet);
    soon().until(() -> isSeen(fleet));

    for (String next : List.of("two", "three", "four")) {
      console.configSet("requirepass", next);
      secrets.put("login", password(next));
      observations.clear();
      console.clientKill(io.lettuce.core.KillArgs.Builder.typeNormal().skipme());
      soon().until(() -> observations.size() > 8);

      assertThat(observations)
          .allSatisfy(observation -> assertThat(observation).isInstanceOf(Seen.class));
    }
    console.configSet("requirepass", "");
  }

  @Test
  void aSecretWithoutAPasswordIsNamedWhetherRedisAsksForOneOrNot() {
    secrets.put("login", Secret.of("login", Map.of("username", new byte[] {'a'})));
    Fleet fleet =
        fleet("a", "uid", server.url(), "streams: [a]", "  credentialsSecret: {name: login}");
    observatory.watch(fleet);
    soon().until(() -> trouble(fleet).equals(Optional.of(Reason.SecretMissing)));
    assertThat(observatory.observation(fleet.id()).toString())
        .contains("the Secret login has no key password");
    assertThat(connections()).isZero();

    secrets.put("login", password("\n"));
    soon()
        .until(
            () -> observatory.observation(fleet.id()).toString().contains("nothing under the key"));
    assertThat(trouble(fleet)).contains(Reason.SecretMissing);

    var console = redis();
    console.configSet("requirepass", "one");
    soon()
        .until(
            () -> observatory.observation(fleet.id()).toString().contains("nothing under the key"));
    secrets.put("login", password("one\n"));
    soon().until(() -> isSeen(fleet));
    console.configSet("requirepass", "");
  }

  @Test
  void aCertificateThatCannotBeUsedIsSaid() {
    secrets.put(
        "tls",
        Secret.of("tls", Map.of("tls.crt", new byte[] {0x30, 0x03}, "tls.key", new byte[1])));
    Fleet fleet =
        fleet(
            "a",
            "uid",
            server.url().replace("redis:", "rediss:"),
            "streams: [a]",
            "  tls: {clientSecret: {name: tls}}");

    observatory.watch(fleet);

    soon().until(() -> trouble(fleet).equals(Optional.of(Reason.SecretUnusable)));
    assertThat(observatory.observation(fleet.id()).toString())
        .contains("the Secret tls, key tls.crt: is DER");
  }

  @Test
  void aRedisThatHasTooManyClientsIsToldInItsOwnWords() {
    var console = redis();
    console.configSet("maxclients", "1");
    Fleet fleet = fleet("a", "streams: [a]");

    observatory.watch(fleet);

    soon().until(() -> trouble(fleet).isPresent());
    assertThat(observatory.observation(fleet.id()).toString())
        .contains("ERR max number of clients reached")
        .doesNotContain("Exception");
    console.configSet("maxclients", "1000");
    soon().until(() -> isSeen(fleet));
  }

  private static Secret password(String password) {
    return Secret.of("login", Map.of("password", password.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aGroupThatCannotBeIsNoTroubleOfOthersOnThatRedis() {
    redis().set("text", "not a stream");
    Fleet wrong = fleet("wrong", "streams: [text]");
    Fleet right = fleet("right", "streams: [right]");

    observatory.watch(wrong);
    observatory.watch(right);

    soon().until(() -> isSeen(right) && presence(right) == Presence.PRESENT);
    soon()
        .until(
            () ->
                observatory.observation(wrong.id()) instanceof Seen seen
                    && seen.groups().getFirst().refused().isPresent());
    redis().del("text");
    soon().until(() -> created.contains("wrong text"));
  }

  @Test
  void whoeverHearsOfItMayFailAndTheNextLookIsTakenAllTheSame() {
    audienceFails = true;
    Fleet fleet = fleet("a", "streams: [a]");
    observatory.watch(fleet);
    soon().until(() -> connections() > 0);

    audienceFails = false;

    soon().until(() -> isSeen(fleet));
  }

  @Test
  void aHostThatDoesNotExistIsAway() {
    Fleet fleet = fleet("a", "uid", "redis://no-such-host.invalid:6379", "streams: [a]", "");

    observatory.watch(fleet);

    soon().until(() -> trouble(fleet).equals(Optional.of(Reason.ConnectionFailed)));
  }
}
