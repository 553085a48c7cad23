package io.streamfleet.commands.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.OnFleet;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopCommandTest {

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

  private static List<String> cells(CommandRun run, int line) {
    return List.of(run.out().lines().skip(line).findFirst().orElseThrow().split("  +"));
  }

  @Test
  void channelsWithTheLargestBacklogComeFirst() {
    fleet.group().created();
    fleet.publish("few", 1);
    fleet.publish("many", 7);
    fleet.publish("some", 3);
    fleet.group().deliverTo("gone", 2);

    CommandRun run = commands.run("top");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(cells(run, 1)).startsWith("many", "in", "6", "1");
    assertThat(cells(run, 2)).startsWith("some", "in", "3", "0");
    assertThat(cells(run, 3)).startsWith("few", "in", "0", "1");
    assertThat(run.out())
        .contains("3 of 3 channels, in the 11 entries that were looked at")
        .containsPattern("gone +in +2 ");
  }

  @Test
  void readsOnlyTheSampleAndReportsItsSize() {
    fleet.group().created();
    for (int i = 0; i < 60; i++) {
      fleet.publish("c" + i);
    }

    CommandRun run = commands.run("top", "--sample", "20", "--limit", "2");

    assertThat(run.out()).contains("2 of 20 channels, in the 20 entries that were looked at");
  }

  @Test
  void showsTheHolderOfAChannel() {
    QuickManifest manifest = QuickManifest.calm();
    try {
      fleet.worker(
          manifest,
          new RecordingHandler(
              message -> {
                gate.pass();
                return Handled.nothing();
              }));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    fleet.publish("held", 2);
    await().until(() -> gate.reached() == 1);

    CommandRun run = commands.run("top", "--by", "oldest", "--output", "json");

    assertThat(run.out().lines().findFirst().orElseThrow())
        .contains("\"channel\":\"held\"", "\"held_by\":\"w1\"");
    assertThat(run.out()).contains("\"consumer\":\"w1\"", "\"alive\":true");
  }

  @Test
  void refusesInvalidOptions() {
    assertThat(commands.run("top", "--limit", "0").status()).isEqualTo(2);
    assertThat(commands.run("top", "--stream", "other").err())
        .contains("does not declare the stream other; it has in");
  }
}
