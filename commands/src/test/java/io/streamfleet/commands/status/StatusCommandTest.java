package io.streamfleet.commands.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.OnFleet;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private final Gate gate = new Gate();
  private OnFleet commands;

  @BeforeEach
  void begin() {
    commands = new OnFleet(fleet, folder);
  }

  @AfterEach
  void end() throws Exception {
    gate.open();
    fleet.close();
  }

  private JsonNode group(QuickManifest manifest, String watchFor) throws Exception {
    CommandRun run = commands.run(manifest, "status", "--watch-for", watchFor, "--output", "json");
    assertThat(run.status()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out().lines().findFirst().orElseThrow());
  }

  private static String heldBackBy(JsonNode group) {
    return group.path("held_back_by").toString();
  }

  @Test
  void aGroupWithoutWorkersIsLate() throws Exception {
    fleet.group().created();
    fleet.publish("c", 3);

    JsonNode group = group(QuickManifest.calm(), "0s");

    assertThat(group.path("lag").asLong()).isEqualTo(3);
    assertThat(group.path("late_seconds").isNumber()).isTrue();
    assertThat(group.path("trend").asText()).isEqualTo("unknown");
    assertThat(heldBackBy(group)).contains("no worker: the group has no consumer");
  }

  @Test
  void aConstantLagIsSteady() throws Exception {
    fleet.group().created();
    fleet.publish("c", 3);

    assertThat(group(QuickManifest.calm(), "100ms").path("trend").asText()).isEqualTo("steady");
  }

  @Test
  void reportsAMissingStreamOrGroup() throws Exception {
    assertThat(heldBackBy(group(QuickManifest.calm(), "0s"))).contains("no such stream yet");

    fleet.publish("c", 1);

    assertThat(heldBackBy(group(QuickManifest.calm(), "0s"))).contains("no such group");
  }

  @Test
  void reportsThatAllWorkersAreFull() throws Exception {
    QuickManifest small =
        QuickManifest.calm().with("read", "{block: 100ms, batchSize: 1, maxInFlight: 2}");
    fleet.worker(
        small,
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            }));
    for (int i = 0; i < 6; i++) {
      fleet.publish("c" + i);
    }
    await().until(() -> gate.reached() == 2);

    JsonNode group = group(small, "0s");

    assertThat(group.path("workers").asLong()).isEqualTo(1);
    assertThat(group.path("pending").asLong()).isEqualTo(2);
    assertThat(heldBackBy(group)).contains("about all 2 entries in flight");
  }

  @Test
  void reportsAStuckEntryWithItsConsumer() throws Exception {
    QuickManifest hasty = QuickManifest.hasty();
    fleet.group().created();
    String id = fleet.publish("c");
    fleet.group().deliverTo("w9", 1);
    await().until(() -> group(hasty, "0s").path("oldest_pending_seconds").asDouble() > 1.1);

    JsonNode group = group(hasty, "0s");

    assertThat(group.path("oldest_pending_id").asText()).isEqualTo(id);
    assertThat(heldBackBy(group)).contains(id + " is with w9", "`why " + id + "`");
  }

  @Test
  void textShowsThePauseAndTheDeadLetters() {
    fleet.group().created();
    fleet.publish("c", 1);
    fleet.traffic().publish("dlq", "c");

    CommandRun run =
        commands.run(
            QuickManifest.calm()
                .with(
                    "inbound",
                    "{streams: [in], group: g, paused: true, handler: {builtin: Discard}}"),
            "status",
            "--watch-for",
            "0s");

    assertThat(run.out())
        .contains("HELD BACK BY", "paused in the manifest", "1 dead letter in dlq");
  }
}
