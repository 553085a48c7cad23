package io.streamfleet.commands.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancelCommandTest {

  private static final QuickManifest MANIFEST = QuickManifest.calm();

  @TempDir private Path folder;
  private final Gate gate = new Gate();
  private final RecordingHandler handler =
      new RecordingHandler(
          message -> {
            gate.pass();
            return Handled.nothing();
          });
  private final Fleet fleet = new Fleet();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("manifest.yaml"), MANIFEST.text());
  }

  @AfterEach
  void stop() throws Exception {
    gate.open();
    fleet.close();
  }

  @Test
  void stopsAnEntryByItsStreamAndId() throws Exception {
    TestWorker worker = fleet.worker(MANIFEST, handler);
    String id = fleet.publish("c");
    await().until(() -> gate.reached() == 1);

    assertThat(cancel("--stream", "in", "--entry", id).out())
        .isEqualToIgnoringNewLines("sent to 1 subscriber");

    await().until(() -> gate.interrupted() == 1 && fleet.hasNothingPending());
    assertThat(worker.metric("streamfleet_entries_cancelled_total", "stream", "in", "group", "g"))
        .isEqualTo(1);
  }

  @Test
  void stopsAChannel() throws Exception {
    fleet.worker(MANIFEST, handler);
    fleet.publish("c", 3);
    await().until(() -> gate.reached() == 1);

    assertThat(cancel("--channel", "c").status()).isZero();

    await().until(() -> gate.interrupted() == 1 && fleet.hasNothingPending());
    assertThat(handler.finished()).isEmpty();
  }

  @Test
  void failsIfNoWorkerIsSubscribed() {
    CommandRun run = cancel("--channel", "c");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no worker is subscribed to sg:control:cancel");
  }

  @Test
  void refusesAnEntryWithoutItsStream() {
    assertThat(cancel("--entry", "1-1").status()).isEqualTo(2);
    assertThat(cancel("--entry", "1-1").err()).contains("--entry needs --stream");
    assertThat(cancel("--stream", "in").status()).isEqualTo(2);
    assertThat(cancel("--stream", "in", "--entry", "1-1", "--channel", "c").status()).isEqualTo(2);
  }

  private CommandRun cancel(String... options) {
    List<String> args = new ArrayList<>(List.of("cancel"));
    args.addAll(List.of("-f", folder.resolve("manifest.yaml").toString()));
    args.addAll(List.of("--redis-url", fleet.redis().url()));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }
}
