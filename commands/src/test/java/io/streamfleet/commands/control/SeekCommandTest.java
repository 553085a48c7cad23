package io.streamfleet.commands.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.OnFleet;
import io.streamfleet.worker.fleet.Fleet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeekCommandTest {

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private final List<String> ids = new ArrayList<>();
  private OnFleet commands;

  @BeforeEach
  void begin() {
    commands = new OnFleet(fleet, folder);
    fleet.group().created();
    for (int i = 0; i < 5; i++) {
      ids.add(fleet.publish("c"));
    }
    fleet.group().deliverTo("w9", 2);
  }

  @AfterEach
  void end() throws Exception {
    fleet.close();
  }

  /** The number of entries that were not delivered to the group. */
  private long unread() {
    fleet.group().deliverTo("counter", 100);
    return fleet.group().rows().stream().filter(it -> it.consumer().equals("counter")).count();
  }

  @Test
  void withoutYesNothingIsChanged() {
    CommandRun run = commands.run("seek", "--to-end");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("3 entries would be skipped; pass --yes to move it");
    assertThat(unread()).isEqualTo(3);
  }

  @Test
  void skippedEntriesAreNotReadAnyMore() {
    CommandRun run = commands.run("seek", "--to-id", ids.get(3), "--yes");

    assertThat(run.out()).contains("to " + ids.get(3) + ": 2 entries were skipped");
    assertThat(unread()).isEqualTo(1);
  }

  @Test
  void backReadsEntriesAgain() {
    CommandRun run = commands.run("seek", "--back", "1h", "--yes", "--output", "json");

    assertThat(run.out()).contains("\"read_again\":2", "\"done\":true");
    assertThat(unread()).isEqualTo(5);
  }

  @Test
  void seeksToTheStartAndToATime() {
    assertThat(commands.run("seek", "--to-start").out()).contains("2 entries would be read again");
    assertThat(commands.run("seek", "--to-time", "2001-01-01T00:00:00Z").out())
        .contains("2 entries would be read again");
    assertThat(commands.run("seek", "--to-time", "2200-01-01T00:00:00Z").out())
        .contains("3 entries would be skipped");
  }

  @Test
  void warnsIfConsumersReadMeanwhile() {
    assertThat(commands.run("seek", "--to-end").err()).contains("consumers read it");
  }

  @Test
  void needsExactlyOneValidTarget() {
    assertThat(commands.run("seek").status()).isEqualTo(2);
    assertThat(commands.run("seek", "--to-end", "--to-start").status()).isEqualTo(2);
    assertThat(commands.run("seek", "--to-time", "yesterday").err())
        .contains("is not a time such as");
  }
}
