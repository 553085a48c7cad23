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
import io.streamfleet.worker.fleet.Probe;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  @Test
  void reportsThatALimitIsUsedUp() throws Exception {
    QuickManifest limited =
        QuickManifest.calm()
            .with(
                "inbound",
                "{streams: [in], group: g, handler: {builtin: Discard}, limits: {rate: 2/m}}");
    fleet.group().created();
    fleet.publish("c", 1);

    assertThat(group(limited, "0s").at("/limits/wait_seconds").asDouble(-1)).isZero();

    String later = Long.toString((System.currentTimeMillis() + 60_000) * 1_000);
    fleet.traffic().redis().set("sg:limit:inbound", Traffic.text(later));
    JsonNode group = group(limited, "0s");

    assertThat(heldBackBy(group)).contains("the limit of 2/m is used up");
    assertThat(group.at("/limits/wait_seconds").asDouble()).isBetween(30.0, 60.0);
    assertThat(group.at("/limits/rate").asText()).isEqualTo("2/m");
  }

  @Test
  void reportsWhatOnlyWorkersKnow() throws Exception {
    Path file = folder.resolve("worker.yaml");
    Files.writeString(
        file,
        """
        redis: {url: "%s"}
        read: {block: 100ms}
        inbound: {streams: [in], group: g, handler: {http: {url: "http://127.0.0.1:9/"}}}
        outbound:
          platforms: [mail]
          streamTemplate: out
          group: g
          handler: {builtin: Discard}
          limits: {rate: 1/m, burst: 1}
        """
            .formatted(fleet.redis().url()));
    try (WorkerProcess worker =
        WorkerProcess.start(
                folder,
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                List.of("-f", file.toString(), "--consumer", "w1", "--port", "0"))
            .awaitConsuming()) {
      for (int i = 0; i < 40; i++) {
        fleet.publish("c" + i);
        fleet.traffic().publish("out", "c" + i);
      }
      int port = worker.port();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(Probe.metrics(port))
                      .contains("streamfleet_breaker_open{endpoint=\"http://127.0.0.1:9\",} 1.0")
                      .contains("streamfleet_limited{loop=\"outbound-mail\",} 39.0"));

      CommandRun run =
          CommandRun.of(
              "status",
              "-f",
              file.toString(),
              "--watch-for",
              "0s",
              "--worker",
              "http://127.0.0.1:" + port);

      assertThat(run.out())
          .contains("endpoint http://127.0.0.1:9 is unavailable", "only probes")
          .contains("39 entries wait for the limits of outbound-mail");
    }
  }

  @Test
  void saysThatNoWorkerAnswers() {
    CommandRun run = commands.run("status", "--watch-for", "0s", "--worker", "http://127.0.0.1:9");

    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("no answer about breakers and limits from http://127.0.0.1:9");
  }
}
