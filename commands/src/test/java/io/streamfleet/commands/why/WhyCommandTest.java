package io.streamfleet.commands.why;

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
import io.streamfleet.worker.fleet.Traffic;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyCommandTest {

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private final Gate gate = new Gate();
  private final RecordingHandler atTheGate =
      new RecordingHandler(
          message -> {
            gate.pass();
            return Handled.nothing();
          });
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

  private JsonNode why(QuickManifest manifest, String what) throws Exception {
    CommandRun run = commands.run(manifest, "why", what, "--output", "json");
    assertThat(run.status()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private JsonNode why(String what) throws Exception {
    return why(QuickManifest.calm(), what);
  }

  @Test
  void anUnreadEntryWaitsForAWorker() throws Exception {
    fleet.group().created();
    String id = fleet.publish("c");

    JsonNode told = why(id);

    assertThat(told.path("state").asText()).isEqualTo("unread");
    assertThat(told.path("channel").asText()).isEqualTo("c");
    assertThat(told.path("next").asText()).contains("no worker reads this group");
  }

  @Test
  void aHandledEntryIsPendingWithTheHolderOfItsChannel() throws Exception {
    fleet.worker(QuickManifest.calm(), atTheGate);
    String id = fleet.publish("c");
    await().until(() -> gate.reached() == 1);

    JsonNode told = why(id);

    assertThat(told.path("state").asText()).isEqualTo("pending");
    assertThat(told.path("with").asText()).isEqualTo("w1");
    assertThat(told.path("channel's_lock").asText()).contains("sg:lock:channel:c, of w1, for ");
    assertThat(why("c").path("entry").asText()).isEqualTo(id);
  }

  @Test
  void aFailedEntryWaitsForItsNextAttempt() throws Exception {
    QuickManifest slow =
        QuickManifest.calm()
            .with("retry", "{initialBackoff: 5m, maxBackoff: 10m, maxAttempts: 10}");
    RecordingHandler failing =
        new RecordingHandler(
            message -> {
              throw new IllegalStateException("no");
            });
    fleet.worker("w1", slow, failing);
    String id = fleet.publish("c");

    await()
        .untilAsserted(
            () -> assertThat(why(slow, id).path("state").asText()).isEqualTo("waiting_for_retry"));
    assertThat(why(slow, id).path("failed_attempts").asText()).isEqualTo("1");
    assertThat(why(slow, id).path("next").asText()).startsWith("it is retried in ");
  }

  @Test
  void anEntryOfADeadWorkerWaitsForAClaim() throws Exception {
    QuickManifest hasty = QuickManifest.hasty();
    fleet.group().created();
    String id = fleet.publish("c");
    fleet.group().deliverTo("gone", 1);

    await()
        .untilAsserted(
            () -> assertThat(why(hasty, id).path("state").asText()).isEqualTo("waiting_for_claim"));
    assertThat(why(hasty, id).path("waits_for").asText()).contains("gone is gone");
  }

  @Test
  void anEntryWaitsForAChannelLockedByAnother() throws Exception {
    fleet.group().created();
    String id = fleet.publish("c");
    fleet.group().deliverTo("w9", 1);
    fleet.traffic().redis().set("sg:lock:channel:c", Traffic.text("w2/0-0"));

    JsonNode told = why(id);

    assertThat(told.path("state").asText()).isEqualTo("waiting_for_channel");
    assertThat(told.path("waits_for").asText()).contains("which w2 holds");
  }

  @Test
  void showsSettledAndDeadLetteredEntries() throws Exception {
    QuickManifest once =
        QuickManifest.calm().with("retry", "{maxAttempts: 1, initialBackoff: 10ms}");
    RecordingHandler some =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("bad")) {
                throw new IllegalStateException("no such thing");
              }
              return Handled.nothing();
            });
    fleet.worker("w1", once, some);
    String good = fleet.publish("good");
    String bad = fleet.publish("bad");
    await()
        .until(
            () ->
                some.started().size() == 2
                    && fleet.hasNothingPending()
                    && fleet.traffic().redis().xlen("dlq") == 1);

    assertThat(why(once, good).path("state").asText()).isEqualTo("settled");
    JsonNode letter = why(once, bad);
    assertThat(letter.path("state").asText()).isEqualTo("dead_lettered");
    assertThat(letter.path("error").asText()).contains("no such thing");
    assertThat(letter.path("next").asText()).contains("dlq replay --original-id " + bad);
  }

  @Test
  void reportsUnknownEntriesAndChannels() {
    fleet.group().created();

    CommandRun entry = commands.run("why", "1732372000000-0");
    CommandRun channel = commands.run("why", "nobody");

    assertThat(entry.status()).isEqualTo(1);
    assertThat(entry.err()).contains("no stream of the manifest has entry 1732372000000-0");
    assertThat(channel.status()).isEqualTo(1);
    assertThat(channel.err()).contains("no entry of channel nobody waits");
  }
}
