package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.streamfleet.api.SettingsStatus;
import io.streamfleet.operator.desired.WorkerConfigMap;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.FleetChannels;
import io.streamfleet.redis.group.NoticeChannels;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the status tells of what workers tell of themselves, and of a pause. */
@Tag(TestCluster.TAG)
class SettingsTest {

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  /** Plays workers, which tell their settings by listening. */
  private static final class Workers implements AutoCloseable {

    private final RedisClient client = RedisClient.create(RedisURI.create(cluster.redisUrl()));
    private final FleetChannels channels;

    Workers(LiveFleet fleet) {
      channels =
          FleetChannels.of(
              new NoticeChannels("sg:control:notice"), fleet.namespace(), fleet.name());
    }

    StatefulRedisPubSubConnection<String, String> running(String version) {
      StatefulRedisPubSubConnection<String, String> worker = client.connectPubSub();
      worker.sync().subscribe(channels.all(), channels.of(version));
      return worker;
    }

    void refuses(StatefulRedisPubSubConnection<String, String> worker) {
      worker.sync().subscribe(channels.refused());
    }

    void givesUp(StatefulRedisPubSubConnection<String, String> worker, String loop) {
      worker.sync().subscribe(channels.unavailable(loop));
    }

    void reachesAgain(StatefulRedisPubSubConnection<String, String> worker, String loop) {
      worker.sync().unsubscribe(channels.unavailable(loop));
    }

    @Override
    public void close() {
      client.shutdown();
    }
  }

  private static String version(LiveFleet fleet) {
    return WorkerConfigMap.version(Fleet.of(fleet.now()));
  }

  private static void becomes(LiveFleet fleet, SettingsStatus settings) {
    eventually(() -> assertThat(fleet.status().settings()).isEqualTo(settings));
  }

  @Test
  void howManyWorkersRunWhichSettingsIsTold() {
    cluster.embedded("workers that run would be counted, too");
    LiveFleet fleet = cluster.fleet("told", "").becomesReady();
    fleet.becomes("SettingsApplied", "Unknown/NoWorkers");
    String first = version(fleet);
    try (Workers workers = new Workers(fleet)) {
      workers.running(first);
      var second = workers.running(first);
      fleet.becomes("SettingsApplied", "True/Everywhere");
      becomes(fleet, new SettingsStatus(first, 2, 0, 0));

      fleet.apply("read: {maxInFlight: 7}");
      fleet.becomes("SettingsApplied", "False/Spreading");
      String next = version(fleet);
      assertThat(next).isNotEqualTo(first);
      becomes(fleet, new SettingsStatus(next, 0, 2, 0));
      workers.running(next);
      becomes(fleet, new SettingsStatus(next, 1, 2, 0));

      workers.refuses(second);
      fleet.becomes("SettingsApplied", "False/SettingsRefused");
      becomes(fleet, new SettingsStatus(next, 1, 2, 1));
      eventually(() -> assertThat(fleet.events("SettingsRefused")).hasSize(1));

      second.close();
      fleet.becomes("SettingsApplied", "False/Spreading");
      becomes(fleet, new SettingsStatus(next, 1, 1, 0));
    }
  }

  @Test
  void anEndpointThatWorkersHaveGivenUpIsToldForAsLongAsTheyHave() {
    cluster.embedded("workers that run would be counted, too");
    LiveFleet fleet = cluster.fleet("away", "").becomesReady();
    fleet.becomes("HandlersAvailable", "Unknown/NoWorkers");
    String version = version(fleet);
    try (Workers workers = new Workers(fleet)) {
      var first = workers.running(version);
      var second = workers.running(version);
      fleet.becomes("HandlersAvailable", "True/AllAvailable");
      assertThat(fleet.events("HandlersAvailable")).isEmpty();

      workers.givesUp(first, "inbound");
      fleet.becomes("HandlersAvailable", "False/EndpointUnavailableToSome");
      assertThat(fleet.message("HandlersAvailable")).startsWith("inbound: some workers ");
      workers.givesUp(second, "inbound");
      fleet.becomes("HandlersAvailable", "False/EndpointUnavailable");
      eventually(() -> assertThat(fleet.events("HandlersUnavailable")).isNotEmpty());
      assertThat(fleet.condition("Ready")).isEqualTo("True/AllAvailable");

      workers.reachesAgain(first, "inbound");
      second.close();
      fleet.becomes("HandlersAvailable", "True/AllAvailable");
      eventually(() -> assertThat(fleet.events("HandlersAvailable")).hasSize(1));
    }
  }

  @Test
  void aPauseShowsForAsLongAsItLastsAndRollsNothing() {
    LiveFleet fleet = cluster.fleet("resting", "").becomesReady();
    var before = fleet.podNames();
    String inbound =
        "inbound: {%sstreams: [\"resting:in\"], group: workers, handler: {builtin: Discard}}";

    fleet.applyWhole(cluster.redisUrl(), inbound.formatted("paused: true, "));
    fleet.becomes("IntakePaused", "True/PausedBySpec");
    assertThat(fleet.message("IntakePaused")).startsWith("inbound: ");
    assertThat(fleet.status().paused()).isEqualTo("inbound");
    eventually(() -> assertThat(fleet.events("IntakePaused")).hasSize(1));

    fleet.applyWhole(cluster.redisUrl(), inbound.formatted(""));
    fleet.becomes("IntakePaused", "");
    assertThat(fleet.status().paused()).isNull();
    eventually(() -> assertThat(fleet.events("IntakeResumed")).hasSize(1));
    assertThat(fleet.podNames()).isEqualTo(before);
    assertThat(fleet.condition("Ready")).isEqualTo("True/AllAvailable");
  }
}
