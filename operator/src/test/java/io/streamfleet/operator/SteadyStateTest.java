package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.apiserver.request.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A fleet with which nothing happens that anybody would act on is not written to. */
class SteadyStateTest {

  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new EmbeddedCluster();
    cluster.operator();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aSecondReconcileOfAnUnchangedResourceWritesNothing() {
    LiveFleet fleet =
        cluster.fleet(
            "steady",
            """
            outbound:
              platforms: [discord, matrix]
              streamTemplate: "steady:out:{platform}"
              group: gateway
              handler: {http: {url: "http://adapter-{platform}:8080/send"}}
            networkPolicy: {enabled: true}
            deletionPolicy: Delete
            workers:
              replicas: 2
              resources: {requests: {cpu: 1000m, memory: 256Mi}}
              env: [{name: MODE, value: fast}, {name: EMPTY, value: ""}]
              tolerations: [{key: spot, operator: Exists, effect: NoSchedule}]
              sidecars: [{name: bot, image: "bot:1", ports: [{containerPort: 9000}]}]
            """);
    fleet.becomesReady().becomes("RedisReachable", "True/Answers");
    List<ApiRequest> before = quiet();
    double reconciles = reconciles();

    fleet.touch();
    eventually(() -> assertThat(reconciles()).isGreaterThan(reconciles));
    looks(4);

    assertThat(cluster.writes()).isEqualTo(before);
  }

  @Test
  void anIdleFleetIsNotEvenLookedAt() {
    LiveFleet fleet = cluster.fleet("idle", "workers: {replicas: 3}").becomesReady();
    fleet.becomes("RedisReachable", "True/Answers");
    quiet();
    double before = reconciles();
    int requests = requests();

    looks(5);

    assertThat(reconciles()).isEqualTo(before);
    assertThat(requests()).isEqualTo(requests);
  }

  /** What operators asked, save for what they do to lead. */
  private static int requests() {
    return (int) cluster.requests().stream().filter(it -> !it.resource().equals("leases")).count();
  }

  @Test
  void trafficOfEveryDayIsNotWrittenDown() {
    LiveFleet fleet = cluster.fleet("busy", "").becomesReady();
    add("busy:in", 30);
    read("busy:in", 5);
    eventually(() -> assertThat(fleet.status().pending()).isEqualTo(5));
    List<ApiRequest> before = quiet();

    for (int i = 0; i < 5; i++) {
      add("busy:in", 3);
      read("busy:in", 2);
      looks(1);
    }

    assertThat(cluster.writes()).isEqualTo(before);
    assertThat(fleet.status().pending()).isEqualTo(5);
  }

  /** Less than anybody would act on, and it is not what is told. */
  @Test
  void noNumberIsWrongForLong() {
    LiveFleet fleet = cluster.fleet("small", "").becomesReady();
    add("small:in", 30);
    read("small:in", 5);
    eventually(() -> assertThat(fleet.status().lag()).isEqualTo(25));
    add("small:in", 3);
    quiet();
    assertThat(fleet.status().lag()).isEqualTo(25);

    cluster.clock().forward(Duration.ofMinutes(2));

    eventually(() -> assertThat(fleet.status().lag()).isEqualTo(28));
    assertThat(fleet.status().streams()).first().extracting(StreamStatus::lag).isEqualTo(28L);
    quiet();
    fleet.resource().delete();
  }

  @Test
  void theFirstEntryThatPendsIsToldSoon() {
    LiveFleet fleet = cluster.fleet("first", "").becomesReady();
    eventually(() -> assertThat(fleet.status().pending()).isZero());
    add("first:in", 1);
    read("first:in", 1);

    looks(2);

    eventually(() -> assertThat(fleet.status().pending()).isEqualTo(1));
    assertThat(fleet.status().consumers())
        .singleElement()
        .satisfies(consumer -> assertThat(consumer.name()).isEqualTo("somebody"));
  }

  private static void add(String stream, int entries) {
    for (int i = 0; i < entries; i++) {
      cluster.redis().xadd(stream, Map.of("n", Integer.toString(i)));
    }
  }

  @SuppressWarnings("unchecked") // An array of streams, made by the compiler.
  private static void read(String stream, int entries) {
    assertThat(
            cluster
                .redis()
                .xreadgroup(
                    Consumer.from("workers", "somebody"),
                    XReadArgs.Builder.count(entries),
                    XReadArgs.StreamOffset.lastConsumed(stream)))
        .hasSize(entries);
  }

  /** What was written until nothing was for some looks at Redis. */
  private static List<ApiRequest> quiet() {
    await()
        .atMost(LiveFleet.PATIENCE)
        .until(
            () -> {
              int before = cluster.writes().size();
              looks(3);
              return cluster.writes().size() == before;
            });
    return cluster.writes();
  }

  /** Waits for so many looks at Redis. */
  private static void looks(int count) {
    double before = sample("streamfleet_operator_redis_observations_total");
    await()
        .atMost(LiveFleet.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> sample("streamfleet_operator_redis_observations_total") >= before + count + 1);
  }

  private static double reconciles() {
    return sample("streamfleet_operator_reconciles_total");
  }

  private static double sample(String counter) {
    return Objects.requireNonNull(
        cluster
            .registry()
            .getSampleValue(counter, new String[] {"outcome"}, new String[] {"success"}));
  }
}
