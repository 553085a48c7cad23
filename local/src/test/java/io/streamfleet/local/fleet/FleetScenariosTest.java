package io.streamfleet.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.streamfleet.commands.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a fleet in its life, on one local fleet: the real operator, real workers and a
 * real Redis. Each ends by comparing what was published with what the handler saw, and leaves
 * nothing. Entries of a worker that died would wait for a minute where nobody helps.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetScenariosTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  private Path folder = Path.of("");
  private LocalFleet fleet;
  private RecordingHandler handler;
  private RedisClient client;
  private StatefulRedisConnection<String, String> redis;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    handler = new RecordingHandler();
    fleet = LocalFleet.start(FleetPlan.of(ROOT, folder));
    client = RedisClient.create(fleet.redisUrl());
    redis = client.connect();
  }

  @AfterAll
  void endsWithoutAProcessOrAFileButLogs() throws IOException {
    if (fleet == null) {
      return;
    }
    List<FleetPod> pods = fleet.pods();
    client.shutdown();
    fleet.close();
    handler.close();
    assertThat(pods)
        .noneMatch(
            pod ->
                ProcessHandle.of(pod.pid().orElseThrow())
                    .filter(ProcessHandle::isAlive)
                    .isPresent());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("logs"));
    }
  }

  private Scenario scenario(String name) {
    return new Scenario(fleet, handler, redis.sync(), name);
  }

  @Test
  void whatAKilledWorkerHadInHandIsHandledWithinSeconds() {
    Scenario chat = scenario("killed").with(2, "");
    chat.publish(30);
    String victim = chat.workers().getFirst().name();
    await().atMost(Scenario.PATIENCE).until(() -> !chat.inHandOf(victim).isEmpty());

    fleet.process("default", victim).kill();
    Set<String> inHand = chat.inHandOf(victim);

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> chat.handled().containsAll(inHand) && chat.inHandOf(victim).isEmpty());
    chat.awaitAllHandledBut(Set.of());
    chat.assertNothingLostAndTwiceOnly(inHand);
    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> chat.workers().stream().mapToInt(FleetPod::restarts).sum() == 1);
    chat.awaitWorkers(2);
    chat.deleteAndAssertNothingIsLeft();
  }

  @Test
  void aFleetThatIsScaledUpAndDownUnderLoadLosesNothing() {
    Scenario chat = scenario("scaled").with(1, "");
    chat.publish(20);
    chat.scale(3);
    chat.publish(10);
    chat.awaitWorkers(3);
    chat.publish(20);
    chat.scale(1);
    chat.publish(10);
    chat.awaitWorkers(1);

    chat.awaitAllHandledBut(Set.of());
    chat.assertNothingLostAndTwiceOnly(Set.of());
    chat.deleteAndAssertNothingIsLeft();
  }

  @Test
  void aRollingUpdateUnderLoadLosesNothing() {
    Scenario chat = scenario("rolled").with(2, "");
    List<String> old = chat.workers().stream().map(FleetPod::name).toList();
    chat.publish(20);
    fleet.apply(chat.manifest(2, "read: {block: 4s}\n"));
    chat.publish(20);
    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> chat.workers().stream().map(FleetPod::name).noneMatch(old::contains));
    chat.publish(10);
    chat.awaitWorkers(2);

    chat.awaitAllHandledBut(Set.of());
    chat.assertNothingLostAndTwiceOnly(Set.of());
    chat.deleteAndAssertNothingIsLeft();
  }

  @Test
  void workersGoOnWhileTheOperatorIsKilledAndItGoesOnWhereItWas() {
    Scenario chat = scenario("orphaned").with(1, "");
    FleetPod operator = fleet.operator();
    chat.publish(10);

    fleet.process(operator.namespace(), operator.name()).kill();
    chat.publish(10);
    chat.awaitAllHandledBut(Set.of());
    chat.assertNothingLostAndTwiceOnly(Set.of());
    chat.assertOrderKeptBut(Set.of());

    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> fleet.operator().restarts() > operator.restarts() && fleet.operator().ready());
    chat.scale(2);
    chat.awaitWorkers(2);
    chat.deleteAndAssertNothingIsLeft();
  }

  @Test
  void aPoisonMessageIsADeadLetterUntilItIsReplayedAfterAFix() throws IOException {
    Scenario chat = scenario("poisoned").with(1, "");
    chat.publish(5);
    chat.awaitAllHandledBut(Set.of());
    Set<String> poison = Set.of(chat.publishRefused("c3"));
    chat.publish(5);

    chat.awaitAllHandledBut(poison);
    await().atMost(Scenario.PATIENCE).until(() -> redis.sync().xlen(chat.deadLetters()) == 1);
    assertThat(chat.handled()).doesNotContainAnyElementsOf(poison);
    assertThat(chat.workers()).allMatch(FleetPod::ready);

    handler.fix();
    Path manifest = folder.resolve("logs").resolve("poisoned.yaml");
    Files.writeString(manifest, chat.manifest(1, ""));
    assertThat(
            Commands.commandLine()
                .execute(
                    "dlq",
                    "replay",
                    "-f",
                    manifest.toString(),
                    "--redis-url",
                    fleet.redisUrl(),
                    "--all"))
        .isZero();
    Files.delete(manifest);

    chat.awaitAllHandledBut(Set.of());
    chat.assertNothingLostAndTwiceOnly(Set.of());
    chat.assertOrderKeptBut(poison);
    assertThat(redis.sync().xlen(chat.deadLetters())).isZero();
    chat.deleteAndAssertNothingIsLeft();
  }
}
