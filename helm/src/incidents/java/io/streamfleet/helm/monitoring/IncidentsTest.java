package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** What is not to fire has had the time for it: twice the longest wait of the rules. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

  private final List<Incident> incidents = Incidents.chosen();
  private Scene scene;
  private PrometheusServer prometheus;
  private Watch watch;

  @TempDir private static Path folder;

  @BeforeAll
  void start() throws IOException {
    scene = new Scene(folder, HURRY);
    for (Incident it : incidents) {
      scene.begin(it);
    }
    for (Incident it : incidents) {
      await(it.fleet()).atMost(Watch.PATIENCE).until(() -> scene.isReady(it.fleet()));
    }
    scene.discover();
    prometheus =
        new PrometheusServer(folder, new HurriedRules(HURRY).write(folder), scene.scrapeConfigs());
    await().atMost(Watch.PATIENCE).until(() -> !prometheus.query("streamfleet_ready").isEmpty());
    watch = new Watch(scene, prometheus, HURRY);
  }

  @AfterAll
  void stop() throws InterruptedException, IOException {
    watch.write(Shipped.ROOT.resolve("helm/target/incidents.md"));
    watch.close();
    prometheus.close();
    scene.close();
  }

  @Test
  @Order(1)
  void eachFleetRaisesTheAlertsOfItsIncidentAndNoOther() throws Exception {
    List<String> missing = new ArrayList<>();
    try {
      watch.during(
          LONG_ENOUGH,
          turn -> {
            for (Incident it : incidents) {
              it.cause().act(scene, it.fleet(), turn);
            }
          },
          () -> incidents.stream().allMatch(it -> watch.seen(it.fleet()).containsAll(it.alerts())));
      incidents.stream()
          .filter(it -> it.fleet().equals(Incidents.PAUSED))
          .forEach(it -> watch.said(it.fleet(), scene.paused(it.fleet())));
      for (Incident it : incidents) {
        missing.addAll(watch.report(it.fleet(), it.fleet(), it.clues()));
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
                .assertThat(watch.seen(it.fleet()))
                .as(it.fleet())
                .containsAll(it.alerts())
                .isSubsetOf(known);
            softly
                .assertThat(watch.status(it.fleet()))
                .as("status of " + it.fleet())
                .contains(it.condition());
          }
          softly.assertThat(watch.seen("")).as("of no fleet").isEmpty();
          softly.assertThat(missing).as("what the runbook has one type tells the cause").isEmpty();
        });
    watch.awaitSilence();
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
    watch.during(LONG_ENOUGH, turn -> {}, () -> watch.seen(WELL).containsAll(raises));
    List<String> missing = watch.report("Redis is gone", WELL, clues);
    scene.startRedisAgain();
    assertThat(watch.seen(WELL)).containsExactlyInAnyOrderElementsOf(raises);
    assertThat(missing).isEmpty();
    watch.awaitSilence();
  }

  @Test
  @Order(3)
  void aRedisThatTakesNoWritesRaisesThatAndNothingThatFollowsFromIt() throws Exception {
    Clue clue =
        new Clue("StreamfleetRedisRefusesWrites", "redis INFO memory", "^maxmemory_human:1B");
    scene.redis().configSet("maxmemory", "1");
    watch.during(LONG_ENOUGH, turn -> {}, () -> watch.seen(WELL).contains(clue.alert()));
    List<String> missing = watch.report("Redis takes no writes", WELL, List.of(clue));
    scene.redis().configSet("maxmemory", "0");
    assertThat(watch.seen(WELL)).containsExactly(clue.alert());
    assertThat(missing).isEmpty();
    watch.awaitSilence();
  }

  /** The rules are not hurried for that, as the time-outs of workers are not. */
  @Test
  @Order(4)
  void aRedisThatStandsStillForFortySecondsRaisesNothing(@TempDir Path ownFolder) throws Exception {
    try (PrometheusServer unhurried =
        new PrometheusServer(ownFolder, Shipped.ruleFiles(), scene.scrapeConfigs())) {
      await().atMost(Watch.PATIENCE).until(() -> !unhurried.query("streamfleet_ready").isEmpty());
      Set<String> fired = new HashSet<>();
      scene.redisServer().pause();
      watch.during(
          Duration.ofSeconds(40), turn -> fired.addAll(Watch.firing(unhurried)), () -> true);
      scene.redisServer().resume();
      watch.during(
          LONG_ENOUGH,
          turn -> {
            scene.publish(WELL, 1, 1);
            fired.addAll(Watch.firing(unhurried));
          },
          () -> true);
      assertThat(fired).isEmpty();
    }
    watch.awaitSilence();
  }

  /**
   * A resource is reconciled again whenever it changes; what is tried again later is not hurried.
   */
  @Test
  @Order(5)
  void reconcilesThatFailAreToldOf() throws Exception {
    Incident taken = Incident.of("name-is-taken", "ok", Incident.ONE_WORKER, (s, f, turn) -> {});
    Clue clue =
        new Clue(
            "StreamfleetReconcileErrors",
            "kubectl get events -A --field-selector reason=ApplyFailed",
            "does not belong to this fleet");
    scene.takeName(taken.fleet());
    watch.during(
        Duration.ZERO,
        turn -> scene.change(taken, turn),
        () -> watch.seen("").contains(clue.alert()));
    List<String> missing = watch.report("reconciles fail", "", List.of(clue));
    scene.delete(taken.fleet());
    assertThat(watch.seen(WELL)).isEmpty();
    assertThat(watch.seen("")).containsExactly(clue.alert());
    assertThat(watch.seen(taken.fleet())).isSubsetOf("StreamfleetResourceNotReady");
    assertThat(missing).isEmpty();
    watch.awaitSilence();
  }

  @Test
  @Order(6)
  void anOperatorThatCrashesIsToldOf() throws Exception {
    Clue clue =
        new Clue(
            "StreamfleetOperatorDown", "kubectl get pods -A", "CrashLoopBackOff|Error| 0/1 .*");
    watch.during(
        Duration.ZERO,
        turn -> {
          scene.publish(WELL, 1, 1);
          scene.killOperator();
        },
        () -> watch.seen("").contains(clue.alert()));
    List<String> missing = watch.report("the operator crashes", "", List.of(clue));
    assertThat(watch.seen(WELL)).isEmpty();
    assertThat(watch.seen("")).contains(clue.alert()).isSubsetOf(clue.alert(), NO_LEADER);
    assertThat(missing).isEmpty();
    watch.awaitSilence();
  }

  /** Which is when a manifest can be spoiled: it puts right what others write there. */
  @Test
  @Order(7)
  void anOperatorThatIsGoneIsMissedAndAManifestThatCannotBeUsedIsTold() throws Exception {
    Clue gone = new Clue(NO_LEADER, "kubectl get pods,deploy", "0/0");
    Clue refused = new Clue("StreamfleetSettingsRefused", "kubectl logs", "firstBackoff");
    scene.scaleOperator(0);
    watch.during(
        Duration.ZERO,
        turn -> {
          scene.publish(WELL, 1, 1);
          if (turn == 20) {
            scene.spoilManifest(WELL);
          }
        },
        () -> watch.seen("").contains(gone.alert()) && watch.seen(WELL).contains(refused.alert()));
    List<String> missing = watch.report("the operator is gone", "", List.of(gone));
    missing.addAll(watch.report("a manifest that is none", WELL, List.of(refused)));
    assertThat(watch.seen(WELL)).containsExactly(refused.alert());
    assertThat(watch.seen("")).contains(NO_LEADER).isSubsetOf(NO_LEADER, "StreamfleetOperatorDown");
    assertThat(missing).isEmpty();
  }

  @Test
  @Order(8)
  void eachAlertHasAnIncidentOrAReasonForNone() {
    assumeThat(incidents).isEqualTo(Incidents.ALL);
    assertThat(Rule.alerts().stream().map(Rule::name).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(watch.tried().stream(), Incidents.UNTRIED.keySet().stream()).toList());
  }
}
