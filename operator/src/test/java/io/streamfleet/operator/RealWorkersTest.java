package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fleets whose workers are processes, under load. Entries wait a minute where nobody helps. */
class RealWorkersTest {

  @TempDir private Path folder;
  private ProcessFleet fleet;

  @BeforeEach
  void start() throws IOException {
    fleet = new ProcessFleet(folder);
  }

  @AfterEach
  void stop() throws Exception {
    fleet.close();
  }

  private void awaitFleetOf(int workers) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> fleet.isReady() && fleet.pods().size() == workers);
  }

  /** A pod that has entries in flight. */
  private Optional<String> busy() {
    return fleet.pods().stream().filter(pod -> fleet.pendingOf(pod) > 0).findFirst();
  }

  private void awaitAllHandled() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> fleet.handled().containsAll(fleet.published()) && fleet.pending() == 0);
    assertThat(fleet.handled()).isEqualTo(fleet.published());
  }

  private void awaitNoNameLeftBehind() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(fleet.pods()).containsAll(fleet.names()));
  }

  @Test
  void whatAKilledWorkerHadInHandIsHandledByAnotherWithinSeconds() {
    fleet.apply(2, "");
    awaitFleetOf(2);
    fleet.publish(20);
    // Either may be the quicker one, and take all there is.
    String victim =
        await().atMost(Duration.ofSeconds(10)).until(this::busy, Optional::isPresent).orElseThrow();

    fleet.process(victim).crash();
    Set<String> inHand = fleet.inHandOf(victim);
    fleet.forceDelete(victim);

    // The locks that it held as well as its entries would last for a minute.
    await().atMost(Duration.ofSeconds(5)).until(() -> fleet.handled().containsAll(inHand));
    awaitAllHandled();
    awaitNoNameLeftBehind();
    assertThat(fleet.names()).doesNotContain(victim);
  }

  /** Nothing was published, so the worker is no consumer of any partition. */
  @Test
  void thePartitionsOfAKilledWorkerHaveAnotherOwnerWithinSeconds() {
    fleet.apply(2, "partitions: {count: 8}", "");
    awaitFleetOf(2);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Set.copyOf(fleet.owners(8)).equals(Set.copyOf(fleet.pods())));
    String victim = fleet.pods().getFirst();

    fleet.process(victim).crash();
    fleet.forceDelete(victim);

    // Its leases would last for a minute.
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !Set.of("", victim).stream().anyMatch(fleet.owners(8)::contains));
  }

  @Test
  void liveSettingsReachWorkersUnderLoadWithoutARestartAndNothingIsLost() {
    fleet.apply(2, "");
    awaitFleetOf(2);
    List<String> pods = fleet.pods();
    await().atMost(Duration.ofSeconds(20)).until(() -> fleet.runningCurrentSettings() == 2);
    fleet.publish(10);

    fleet.apply(2, "read: {maxInFlight: 5}\nretry: {maxAttempts: 2}\n");
    fleet.publish(10);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> fleet.isReady() && fleet.runningCurrentSettings() == 2);
    fleet.publish(10);

    awaitAllHandled();
    assertThat(fleet.handledTwice()).isZero();
    assertThat(fleet.pods()).isEqualTo(pods);
  }

  @Test
  void nothingIsLostOrLeftByARollingUpdateAndAScaleDownUnderLoad() {
    fleet.apply(2, "");
    awaitFleetOf(2);
    List<String> old = fleet.pods();
    fleet.publish(20);

    fleet.apply(2, "read: {block: 4s}\n");
    fleet.publish(20);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> fleet.isReady() && fleet.pods().stream().noneMatch(old::contains));
    fleet.publish(10);
    fleet.apply(1, "read: {block: 4s}\n");
    fleet.publish(10);

    awaitFleetOf(1);
    awaitAllHandled();
    assertThat(fleet.handledTwice()).isZero();
    awaitNoNameLeftBehind();
  }
}
