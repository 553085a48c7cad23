package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each incident raises its alert, and no other: fleets under the real operator, a real Prometheus
 * with the rules that are shipped, and all times of the rules divided by {@value #HURRY}. One fleet
 * is well, and raises nothing. What was seen is in {@code target/incidents.md}.
 */
@Tag("incidents")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IncidentsTest {

  private static final int HURRY = 20;

  private static final Duration TURN = Duration.ofMillis(500);

  /** Nothing that fires does so later. */
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  /** What is not to fire has had the time for it: twice the longest wait of the rules. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

  private static final String WELL = "well";

  /** It counts on the five minutes in which the operator looks at all, which are not divided. */
  private static final String UNDIVIDED = "StreamfleetOperatorNotReconciling";

  private static final List<Incident> INCIDENTS =
      List.of(
          Incident.of(WELL, "ok", "workers: {replicas: 1}", (s, f, turn) -> s.publish(f, 2, 2)),
          Incident.of(
                  "handler-fails",
                  "fail",
                  "workers: {replicas: 1}",
                  (s, f, turn) -> s.publish(f, 1, 1))
              .raises("StreamfleetHandlerFailing", "StreamfleetDeadLetters")
              .mayRaise(
                  "StreamfleetHandlerUnavailable",
                  "StreamfleetRetriesHigh",
                  "StreamfleetBacklogGrowing",
                  "StreamfleetDeadLettersFull"),
          Incident.of(
                  "poison",
                  "ok",
                  "workers: {replicas: 1}",
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    // Not before the worker has been seen: nobody could tell that it is new.
                    if (turn == 20) {
                      s.redis().xadd(f + ":in", Map.of("data", "\u0001", "ts", "1"));
                    }
                  })
              .raises("StreamfleetDeadLetters"),
          Incident.of(
                  "one-call-hangs",
                  "hang",
                  "workers: {replicas: 1}",
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publish(f, 1, 1);
                    }
                  })
              .raises("StreamfleetPendingTooOld"),
          Incident.of(
                  "all-calls-hang",
                  "hang",
                  "workers: {replicas: 1}\nread: {maxInFlight: 4}",
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publish(f, 60, 60);
                    }
                  })
              .raises("StreamfleetConsumerStuck", "StreamfleetPendingTooOld"),
          Incident.of(
                  "too-slow",
                  "slow",
                  "workers: {replicas: 1}\nread: {maxInFlight: 8}",
                  (s, f, turn) -> s.publish(f, 20, 20))
              .raises("StreamfleetBacklogGrowing")
              .mayRaise("StreamfleetBacklogSlow"),
          Incident.of(
                  "crashes",
                  "ok",
                  "workers: {replicas: 1}",
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    s.killWorkers(f);
                  })
              .raises("StreamfleetWorkerDown")
              .mayRaise(
                  "StreamfleetNoWorkers",
                  "StreamfleetResourceNotReady",
                  "StreamfleetWorkerRestarts"),
          Incident.of(
                  "bad-lock",
                  "ok",
                  "workers: {replicas: 1}",
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.redis().hset("sg:lock:channel:" + f + "-1", "owner", "somebody");
                    }
                    s.publish(f, 2, 2);
                  })
              .raises("StreamfleetChannelsRefused")
              .mayRaise("StreamfleetPendingTooOld"),
          Incident.of(
                  "scaled-to-zero",
                  "ok",
                  "workers: {replicas: 0}",
                  (s, f, turn) -> s.publish(f, 1, 1))
              .raises("StreamfleetBacklogWithoutWorkers"),
          Incident.of(
                  "trimmed-unread",
                  "slow",
                  "workers: {replicas: 1}\nread: {maxInFlight: 2}",
                  (s, f, turn) -> {
                    s.publish(f, 20, 20);
                    s.redis().xtrim(f + ":in", 100);
                  })
              .raises("StreamfleetUnreadTrimmed")
              .mayRaise(
                  "StreamfleetBacklogGrowing", "StreamfleetBacklogSlow", "StreamfleetMessagesLost"),
          Incident.of(
                  "trimmed",
                  "ok",
                  "workers: {replicas: 1}",
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn == 20) {
                      s.loseEntries(f, 3);
                    }
                  })
              .raises("StreamfleetMessagesLost"),
          Incident.of(
                  "deleted-unread",
                  "slow",
                  "workers: {replicas: 1}\nread: {maxInFlight: 1}",
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publish(f, 500, 500);
                      s.deleteUnread(f);
                    }
                  })
              .raises("StreamfleetLagUnknown")
              .mayRaise("StreamfleetBacklogSlow", "StreamfleetBacklogGrowing"));

  /** What fired for a fleet, and after how long. */
  private final Map<String, Map<String, Duration>> fired = new TreeMap<>();

  /** What the status said then. */
  private final Map<String, String> statuses = new LinkedHashMap<>();

  private final List<String> rows = new ArrayList<>();
  private Scene scene;
  private PrometheusServer prometheus;

  @TempDir private static Path folder;

  @BeforeAll
  void start() throws IOException {
    scene = new Scene(folder);
    for (Incident it : INCIDENTS) {
      scene.begin(it);
      await().atMost(PATIENCE).until(() -> scene.isReady(it.fleet()));
    }
    scene.discover();
    prometheus =
        new PrometheusServer(folder, new HurriedRules(HURRY).write(folder), scene.scrapeConfigs());
    await().atMost(PATIENCE).until(() -> !prometheus.query("streamfleet_ready").isEmpty());
  }

  @AfterAll
  void stop() throws InterruptedException, IOException {
    Path report = Shipped.ROOT.resolve("helm/target/incidents.md");
    Files.createDirectories(report.getParent());
    rows.addAll(
        0,
        List.of(
            "Times of the rules are divided by %d.".formatted(HURRY),
            "",
            "| incident | fired, after | what the status says |",
            "|---|---|---|"));
    Files.write(report, rows);
    prometheus.close();
    scene.close();
  }

  @Test
  @Order(1)
  void eachFleetRaisesTheAlertsOfItsIncidentAndNoOther() throws Exception {
    watch(
        LONG_ENOUGH,
        turn -> {
          for (Incident it : INCIDENTS) {
            it.cause().act(scene, it.fleet(), turn);
          }
        },
        () -> INCIDENTS.stream().allMatch(it -> seen(it.fleet()).containsAll(it.raises())));
    for (Incident it : INCIDENTS) {
      report(it.fleet(), it.fleet());
      if (!it.fleet().equals(WELL)) {
        scene.delete(it.fleet());
      }
    }
    assertThat(INCIDENTS)
        .allSatisfy(
            it -> {
              Set<String> known = new HashSet<>(it.raises());
              known.addAll(it.mayRaise());
              assertThat(seen(it.fleet()))
                  .as(it.fleet())
                  .containsAll(it.raises())
                  .isSubsetOf(known);
            });
    assertThat(seen("")).as("of no fleet").isEmpty();
  }

  @Test
  @Order(2)
  void aRedisThatIsGoneRaisesThatAndNothingThatFollowsFromIt() throws Exception {
    Set<String> raises =
        Set.of("StreamfleetWorkersWithoutRedis", "StreamfleetOperatorWithoutRedis");
    scene.redisServer().kill();
    watch(LONG_ENOUGH, turn -> {}, () -> seen(WELL).containsAll(raises));
    report("Redis is gone", WELL);
    scene.startRedisAgain();
    assertThat(seen(WELL)).containsExactlyInAnyOrderElementsOf(raises);
    awaitSilence();
  }

  @Test
  @Order(3)
  void aRedisThatTakesNoWritesRaisesThatAndNothingThatFollowsFromIt() throws Exception {
    String raises = "StreamfleetRedisRefusesWrites";
    scene.redis().configSet("maxmemory", "1");
    watch(LONG_ENOUGH, turn -> {}, () -> seen(WELL).contains(raises));
    report("Redis takes no writes", WELL);
    scene.redis().configSet("maxmemory", "0");
    assertThat(seen(WELL)).containsExactly(raises);
    awaitSilence();
  }

  @Test
  @Order(4)
  void anOperatorThatIsGoneIsMissed() throws Exception {
    String raises = "StreamfleetOperatorNoLeader";
    scene.scaleOperator(0);
    watch(Duration.ZERO, turn -> scene.publish(WELL, 1, 1), () -> seen("").contains(raises));
    report("the operator is gone", "");
    assertThat(seen(WELL)).isEmpty();
    assertThat(seen("")).contains(raises).isSubsetOf(raises, "StreamfleetOperatorDown");
  }

  /** What is done in each turn. */
  private interface Turn {

    /**
     * Does it once more.
     *
     * @param number counts from 0
     */
    void act(int number) throws InterruptedException;
  }

  /**
   * Notes what fires.
   *
   * @param least for so long at least, that what is not to fire has its time
   * @param done whether all that is to fire has fired; no longer than {@link #PATIENCE}
   */
  private void watch(Duration least, Turn turn, BooleanSupplier done) throws InterruptedException {
    fired.clear();
    statuses.clear();
    long began = System.nanoTime();
    for (int number = 0;
        since(began).compareTo(least) < 0
            || (!done.getAsBoolean() && since(began).compareTo(PATIENCE) < 0);
        number++) {
      turn.act(number);
      look(began);
      TimeUnit.NANOSECONDS.sleep(TURN.toNanos());
    }
  }

  private void awaitSilence() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              discover();
              return firing().isEmpty();
            });
  }

  private void look(long began) throws InterruptedException {
    discover();
    for (JsonNode alert : firing()) {
      String fleet = fleetOf(alert);
      fired
          .computeIfAbsent(fleet, key -> new LinkedHashMap<>())
          .putIfAbsent(alert.at("/labels/alertname").asText(), since(began));
      if (!fleet.isEmpty()) {
        statuses.put(fleet, scene.status(fleet));
      }
    }
  }

  private void discover() {
    try {
      scene.discover();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> firing() throws InterruptedException {
    return prometheus.alerts().stream()
        .filter(it -> it.path("state").asText().equals("firing"))
        .filter(it -> !it.at("/labels/alertname").asText().equals(UNDIVIDED))
        .toList();
  }

  private static String fleetOf(JsonNode alert) {
    String fleet = alert.at("/labels/fleet").asText("");
    return fleet.isEmpty() ? alert.at("/labels/name").asText("") : fleet;
  }

  private Set<String> seen(String fleet) {
    return fired.getOrDefault(fleet, Map.of()).keySet();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private void report(String incident, String fleet) {
    StringBuilder alerts = new StringBuilder();
    fired
        .getOrDefault(fleet, Map.of())
        .forEach(
            (alert, after) ->
                alerts
                    .append(alerts.isEmpty() ? "" : ", ")
                    .append("%s %d s".formatted(alert, after.toSeconds())));
    rows.add(
        "| %s | %s | %s |"
            .formatted(
                incident, alerts.isEmpty() ? "nothing" : alerts, statuses.getOrDefault(fleet, "")));
  }
}
