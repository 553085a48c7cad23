package io.streamfleet.commands.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.CommandRun;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Probe;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseCommandTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String BOTH =
      """
      # Of the night shift.
      apiVersion: streamfleet.io/v1alpha1
      kind: StreamConsumerGroup
      metadata: {name: chat, namespace: shop}
      spec:
        redis: {url: "redis://127.0.0.1:6379"}
        inbound:
          # One for now.
          streams: [in]
          handler: {builtin: Discard}
        outbound: {platforms: [discord, matrix], handler: {builtin: Discard}}
      """;

  @TempDir private Path folder;
  private Path manifest;

  @BeforeEach
  void begin() throws IOException {
    manifest = folder.resolve("manifest.yaml");
    Files.writeString(manifest, BOTH);
  }

  private CommandRun run(String... words) {
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("-f", manifest.toString()));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private void assertDone(String... words) {
    CommandRun run = run(words);
    assertThat(run.status()).as(run.err()).isZero();
  }

  private StreamConsumerGroupSpec spec() throws IOException {
    return Manifest.read(manifest).spec();
  }

  private boolean inboundIsPaused() throws IOException {
    return Objects.requireNonNull(spec().inbound()).paused();
  }

  private boolean isPaused(String platform) throws IOException {
    return Objects.requireNonNull(spec().outbound()).isPaused(platform);
  }

  @Test
  void pausesBothDirectionsAndKeepsTheComments() throws IOException {
    assertDone("pause");

    assertThat(inboundIsPaused()).isTrue();
    assertThat(isPaused("matrix")).isTrue();
    assertThat(Files.readString(manifest))
        .startsWith("# Of the night shift.\n")
        .contains("  inbound:\n    paused: true\n    # One for now.\n    streams: [in]\n");

    assertDone("resume");

    assertThat(inboundIsPaused()).isFalse();
    assertThat(isPaused("matrix")).isFalse();
  }

  @Test
  void pausesAPlatformAlone() throws IOException {
    assertDone("pause", "discord");

    assertThat(isPaused("discord")).isTrue();
    assertThat(isPaused("matrix")).isFalse();
    assertThat(inboundIsPaused()).isFalse();

    assertDone("pause", "matrix");

    assertThat(isPaused("discord")).isTrue();

    assertDone("resume", "discord");

    assertThat(isPaused("discord")).isFalse();
    assertThat(isPaused("matrix")).isTrue();
  }

  @Test
  void changesNothingThatIsSoAlready() throws IOException {
    assertDone("pause", "inbound");
    String paused = Files.readString(manifest);

    assertThat(run("pause", "inbound").out()).contains("says so already");
    assertThat(run("resume", "outbound").out()).contains("says so already");
    assertThat(Files.readString(manifest)).isEqualTo(paused);
  }

  @Test
  void namesWhatCanBePausedIfItIsSomethingElse() throws IOException {
    CommandRun run = run("pause", "slack");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("no slack; it has: inbound, outbound, discord, matrix");
    assertThat(Files.readString(manifest)).isEqualTo(BOTH);
  }

  @Test
  void leavesWhatItCannotEditToAPerson() throws IOException {
    String text =
        BOTH.replace("streams: [in]", "paused: &no false")
            .replace("outbound: {", "outbound: {paused: *no, ");
    Files.writeString(manifest, text);

    CommandRun run = run("pause", "inbound");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("set it yourself: {\"inbound\":{\"paused\":true}}");
    assertThat(Files.readString(manifest)).isEqualTo(text);
  }

  @Test
  void namesThePatchIfTheFileCannotBeWritten() throws IOException {
    assumeThat(manifest.toFile().setReadOnly() && !Files.isWritable(manifest))
        .as("root writes what is read-only")
        .isTrue();

    CommandRun run = run("pause", "inbound");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "cannot write",
            "kubectl patch streamconsumergroups.streamfleet.io/chat -n shop --type=merge"
                + " -p '{\"spec\":{\"inbound\":{\"paused\":true}}}'");
  }

  @Test
  void aWorkerThatRunsWithTheFileFollows() throws Exception {
    try (Fleet fleet = new Fleet()) {
      Files.writeString(
          manifest,
          """
          redis: {url: "%s"}
          read: {block: 100ms}
          inbound: {streams: [in], group: g, handler: {builtin: Discard}}
          """
              .formatted(fleet.redis().url()));
      try (WorkerProcess worker =
          WorkerProcess.start(
                  folder,
                  List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                  List.of("-f", manifest.toString(), "--consumer", "w1", "--port", "0"))
              .awaitConsuming()) {
        assertDone("pause", "inbound");
        awaitMetric(worker, "streamfleet_paused{loop=\"inbound\",stream=\"in\",group=\"g\",} 1.0");
        fleet.publish("c", 3);

        assertDone("resume", "inbound");
        awaitMetric(worker, "streamfleet_entries_acked_total{stream=\"in\",group=\"g\",} 3.0");
      }
    }
  }

  private static void awaitMetric(WorkerProcess worker, String sample) throws IOException {
    int port = worker.port();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(Probe.metrics(port)).contains(sample));
  }
}
