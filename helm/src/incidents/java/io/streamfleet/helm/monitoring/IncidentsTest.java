package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
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

  private static final String WELL = Incidents.WELL;

  private static final String NO_LEADER = "StreamfleetOperatorNoLeader";

  private static final Duration TURN = Duration.ofMillis(500);

  /** Nothing that fires does so later. */
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  /** What is not to fire has had the time for it: twice the longest wait of the rules. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

  /** It counts on the five minutes in which the operator looks at all, which are not divided. */
  private static final String UNDIVIDED = "StreamfleetOperatorNotReconciling";

  /** What fired for a fleet, and after how long. */
  private final Map<String, Map<String, Duration>> fired = new TreeMap<>();

  /** What the status said then. */
  private final Map<String, String> statuses = new LinkedHashMap<>();

  /** What the runbook had one type for an alert of a fleet. */
  private final Map<Firing, Future<List<Walkthrough.Typed>>> followed = new LinkedHashMap<>();

  private record Firing(String fleet, String alert) {}

  /** One after the other, as one who was woken does, and beside what goes on. */
  private final ExecutorService onCall = Executors.newSingleThreadExecutor();

  /** Alerts that were looked for. */
  private final Set<String> tried = new HashSet<>();

  private final List<Incident> incidents = Incidents.chosen();
  private final List<String> rows = new ArrayList<>();
  private Scene scene;
  private PrometheusServer prometheus;

  @TempDir private static Path folder;

  @BeforeAll
  void start() throws IOException {
    scene = new Scene(folder, HURRY);
    for (Incident it : incidents) {
      scene.begin(it);
    }
    for (Incident it : incidents) {
      await(it.fleet()).atMost(PATIENCE).until(() -> scene.isReady(it.fleet()));
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
            "| incident | fired, after | what the status says | what led to the cause |",
            "|---|---|---|---|"));
    Files.write(report, rows);
    onCall.shutdownNow();
    prometheus.close();
    scene.close();
  }

  @Test
  @Order(1)
  void eachFleetRaisesTheAlertsOfItsIncidentAndNoOther() throws Exception {
    List<String> missing = new ArrayList<>();
    try {
      watch(
          LONG_ENOUGH,
          turn -> {
            for (Incident it : incidents) {
              it.cause().act(scene, it.fleet(), turn);
            }
          },
          () -> incidents.stream().allMatch(it -> seen(it.fleet()).containsAll(it.alerts())));
      incidents.stream()
          .filter(it -> it.fleet().equals(Incidents.PAUSED))
          .forEach(it -> statuses.put(it.fleet(), scene.paused(it.fleet())));
      for (Incident it : incidents) {
        missing.addAll(report(it.fleet(), it.fleet(), it.clues()));
      }
    } finally {
      // Whatever came of it, the next tests are to have a fleet that is well, and nothing else.
      for (Incident it : incidents) {
        if (!it.fleet().equals(WELL)) {
          scene.delete(it.fleet());
        }
      }
    }
    SoftAssertions.assertSoftly(
        softly -> {
          for (Incident it : incidents) {
            Set<String> known = new HashSet<>(it.alerts());
            known.addAll(it.mayRaise());
            softly
                .assertThat(seen(it.fleet()))
                .as(it.fleet())
                .containsAll(it.alerts())
                .isSubsetOf(known);
            softly
                .assertThat(statuses.getOrDefault(it.fleet(), ""))
                .as("status of " + it.fleet())
                .contains(it.condition());
          }
          softly.assertThat(seen("")).as("of no fleet").isEmpty();
          softly.assertThat(missing).as("what the runbook has one type tells the cause").isEmpty();
        });
    awaitSilence();
  }

  @Test
  @Order(2)
  void aRedisThatIsGoneRaisesThatAndNothingThatFollowsFromIt() throws Exception {
    List<Clue> clues =
        List.of(
            new Clue(
                "StreamfleetWorkersWithoutRedis", "kubectl logs", "(?i)redis.*(refused|away|lost)"),
            new Clue("StreamfleetOperatorWithoutRedis", "kubectl get scg", "(?i)refused|connect"));
    Set<String> raises = clues.stream().map(Clue::alert).collect(Collectors.toSet());
    scene.redisServer().kill();
    watch(LONG_ENOUGH, turn -> {}, () -> seen(WELL).containsAll(raises));
    List<String> missing = report("Redis is gone", WELL, clues);
    scene.startRedisAgain();
    assertThat(seen(WELL)).containsExactlyInAnyOrderElementsOf(raises);
    assertThat(missing).isEmpty();
    awaitSilence();
  }

  @Test
  @Order(3)
  void aRedisThatTakesNoWritesRaisesThatAndNothingThatFollowsFromIt() throws Exception {
    Clue clue =
        new Clue("StreamfleetRedisRefusesWrites", "redis INFO memory", "^maxmemory_human:1B");
    scene.redis().configSet("maxmemory", "1");
    watch(LONG_ENOUGH, turn -> {}, () -> seen(WELL).contains(clue.alert()));
    List<String> missing = report("Redis takes no writes", WELL, List.of(clue));
    scene.redis().configSet("maxmemory", "0");
    assertThat(seen(WELL)).containsExactly(clue.alert());
    assertThat(missing).isEmpty();
    awaitSilence();
  }

  /**
   * A resource is reconciled again whenever it changes; what is tried again later is not hurried.
   */
  @Test
  @Order(4)
  void reconcilesThatFailAreToldOf() throws Exception {
    Incident taken = Incident.of("name-is-taken", "ok", Incident.ONE_WORKER, (s, f, turn) -> {});
    Clue clue =
        new Clue(
            "StreamfleetReconcileErrors",
            "kubectl get events -A --field-selector reason=ApplyFailed",
            "does not belong to this fleet");
    scene.takeName(taken.fleet());
    watch(Duration.ZERO, turn -> scene.change(taken, turn), () -> seen("").contains(clue.alert()));
    List<String> missing = report("reconciles fail", "", List.of(clue));
    scene.delete(taken.fleet());
    assertThat(seen(WELL)).isEmpty();
    assertThat(seen("")).containsExactly(clue.alert());
    assertThat(seen(taken.fleet())).isSubsetOf("StreamfleetResourceNotReady");
    assertThat(missing).isEmpty();
    awaitSilence();
  }

  @Test
  @Order(5)
  void anOperatorThatCrashesIsToldOf() throws Exception {
    Clue clue =
        new Clue(
            "StreamfleetOperatorDown", "kubectl get pods -A", "CrashLoopBackOff|Error| 0/1 .*");
    watch(
        Duration.ZERO,
        turn -> {
          scene.publish(WELL, 1, 1);
          scene.killOperator();
        },
        () -> seen("").contains(clue.alert()));
    List<String> missing = report("the operator crashes", "", List.of(clue));
    assertThat(seen(WELL)).isEmpty();
    assertThat(seen("")).contains(clue.alert()).isSubsetOf(clue.alert(), NO_LEADER);
    assertThat(missing).isEmpty();
    awaitSilence();
  }

  /** Which is when a manifest can be spoiled: it puts right what others write there. */
  @Test
  @Order(6)
  void anOperatorThatIsGoneIsMissedAndAManifestThatCannotBeUsedIsTold() throws Exception {
    Clue gone = new Clue(NO_LEADER, "kubectl get pods,deploy", "0/0");
    Clue refused = new Clue("StreamfleetSettingsRefused", "kubectl logs", "mostAttempts");
    scene.scaleOperator(0);
    watch(
        Duration.ZERO,
        turn -> {
          scene.publish(WELL, 1, 1);
          if (turn == 20) {
            scene.spoilManifest(WELL);
          }
        },
        () -> seen("").contains(gone.alert()) && seen(WELL).contains(refused.alert()));
    List<String> missing = report("the operator is gone", "", List.of(gone));
    missing.addAll(report("a manifest that is none", WELL, List.of(refused)));
    assertThat(seen(WELL)).containsExactly(refused.alert());
    assertThat(seen("")).contains(NO_LEADER).isSubsetOf(NO_LEADER, "StreamfleetOperatorDown");
    assertThat(missing).isEmpty();
  }

  @Test
  @Order(7)
  void eachAlertHasAnIncidentOrAReasonForNone() {
    assumeThat(incidents).isEqualTo(Incidents.ALL);
    assertThat(Rule.alerts().stream().map(Rule::name).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(tried.stream(), Incidents.UNTRIED.keySet().stream()).toList());
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
    followed.clear();
    long began = System.nanoTime();
    int number = 0;
    while (since(began).compareTo(least) < 0
        || (!done.getAsBoolean() && since(began).compareTo(PATIENCE) < 0)) {
      // Where a turn took longer the next ones follow at once: incidents count on their pace.
      while (TURN.multipliedBy(number).compareTo(since(began)) <= 0) {
        turn.act(number);
        number++;
      }
      look(began);
      TimeUnit.NANOSECONDS.sleep(TURN.multipliedBy(number).minus(since(began)).toNanos());
    }
  }

  /** Until nothing fires any more, nor is about to. */
  private void awaitSilence() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              discover();
              return alerts().isEmpty();
            });
  }

  private void look(long began) throws InterruptedException {
    discover();
    for (JsonNode alert : firing()) {
      String fleet = fleetOf(alert);
      String alertName = alert.at("/labels/alertname").asText();
      fired
          .computeIfAbsent(fleet, key -> new LinkedHashMap<>())
          .putIfAbsent(alertName, since(began));
      String pod = alert.at("/labels/pod").asText("");
      followed.computeIfAbsent(
          new Firing(fleet, alertName),
          key -> onCall.submit(() -> scene.follow(alertName, fleet, pod)));
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
    return alerts().stream().filter(it -> it.path("state").asText().equals("firing")).toList();
  }

  private List<JsonNode> alerts() throws InterruptedException {
    return prometheus.alerts().stream()
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

  /**
   * Writes down an incident.
   *
   * @return the clues that were not found
   */
  private List<String> report(String incident, String fleet, List<Clue> clues) throws Exception {
    String alerts =
        fired.getOrDefault(fleet, Map.of()).entrySet().stream()
            .map(it -> "%s %d s".formatted(it.getKey(), it.getValue().toSeconds()))
            .collect(Collectors.joining(", "));
    List<String> missing = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (Clue clue : clues) {
      tried.add(clue.alert());
      Future<List<Walkthrough.Typed>> typed = followed.get(new Firing(fleet, clue.alert()));
      if (typed == null) {
        continue; // It has not fired, which is told elsewhere.
      }
      Optional<Walkthrough.Typed> telling = Walkthrough.telling(typed.get(), clue);
      telling.ifPresentOrElse(
          it -> found.add("`%s`: %s".formatted(it.command(), excerpt(it, clue))),
          () -> missing.add("%s of %s: %s".formatted(clue, fleet, resultOf(typed))));
    }
    rows.add(
        "| %s | %s | %s | %s |"
            .formatted(
                incident,
                alerts.isEmpty() ? "nothing" : alerts,
                statuses.getOrDefault(fleet, ""),
                String.join("<br>", found).replace("|", "\\|")));
    return missing;
  }

  /** The lines in which a clue was found. */
  private static String excerpt(Walkthrough.Typed typed, Clue clue) {
    return clue.tells()
        .matcher(typed.printed())
        .results()
        .findFirst()
        .map(it -> it.group().replace('\n', ' '))
        .orElse("");
  }

  private static List<Walkthrough.Typed> resultOf(Future<List<Walkthrough.Typed>> typed) {
    return typed.resultNow();
  }
}
