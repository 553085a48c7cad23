package io.streamfleet.commands.find;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.OnFleet;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Traffic;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindCommandTest {

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private OnFleet commands;
  private String settled = "";
  private String pending = "";
  private String unread = "";

  @BeforeEach
  void begin() {
    commands = new OnFleet(fleet, folder);
    fleet.group().created();
    settled = publish("general", "hello world", 7);
    pending = publish("general", "good bye", 8);
    unread = publish("random", "hello moon", 9);
    fleet.group().deliverTo("w9", 2);
    fleet.traffic().redis().xack("in", "g", settled);
  }

  @AfterEach
  void end() throws Exception {
    fleet.close();
  }

  private String publish(String channel, String text, int user) {
    return fleet
        .traffic()
        .publish("in", Map.of("channel_id", channel, "content", text, "user", Map.of("id", user)));
  }

  @Test
  void findsByChannelAndShowsTheState() {
    CommandRun run = commands.run("find", "--channel", "general");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .containsPattern(settled + " +\\S+ +in +settled +general ")
        .containsPattern(pending + " +\\S+ +in +pending for w9 +general ")
        .contains("2 found, 3 entries looked at")
        .doesNotContain(unread, "hello");
  }

  @Test
  void findsByIdTraceFieldAndText() {
    assertThat(commands.run("find", "--id", unread).out()).contains(unread, "unread", "1 found");
    assertThat(commands.run("find", "--field", "user.id=8").out()).contains(pending, "1 found");
    assertThat(commands.run("find", "--field", "ts=1795447928.5").out()).contains("3 found");
    assertThat(commands.run("find", "--text", "hello", "--channel", "random").out())
        .contains(unread, "1 found");
    assertThat(commands.run("find", "--trace", "trace-0").out()).contains("3 found");
  }

  @Test
  void findsOnlyPendingEntriesWithInPending() {
    assertThat(commands.run("find", "--channel", "general", "--in", "pending").out())
        .contains(pending, "1 found")
        .doesNotContain(settled);
  }

  @Test
  void findsDeadLettersByTheirOriginalFields() {
    fleet
        .traffic()
        .redis()
        .xadd(
            "dlq",
            Map.of(
                "original_stream",
                Traffic.text("in"),
                "data",
                Traffic.text("{\"channel_id\":\"general\",\"n\":\"x\"}")));

    CommandRun run =
        commands.run("find", "--field", "n=x", "--in", "dead-letters", "--output", "json");

    assertThat(run.out()).contains("\"stream\":\"dlq\"", "\"state\":\"dead\"", "general");
  }

  @Test
  void stopsAtItsLimits() {
    assertThat(commands.run("find", "--text", "h", "--limit", "1").out())
        .contains("1 found", "pass a higher --limit");
    assertThat(commands.run("find", "--channel", "random", "--look-at", "1").out())
        .doesNotContain("pass a higher --limit");
  }

  @Test
  void exitStatusTellsIfNothingWasFoundOrTheUsageIsBad() {
    assertThat(commands.run("find", "--channel", "none").status()).isEqualTo(1);
    assertThat(commands.run("find").status()).isEqualTo(2);
    assertThat(commands.run("find", "--text", "h", "--in", "moon").err())
        .contains("--in must be streams, pending or dead-letters, not moon");
  }

  @Test
  void showsAnEntryWithOrWithoutItsPayload() {
    assertThat(commands.run("show", pending).out())
        .contains("stream               in", "channel              general", "\"good bye\"");
    assertThat(commands.run("show", "--no-payload", pending).out()).doesNotContain("good bye");
    assertThat(commands.run("show", "--output", "json", pending).out())
        .contains("\"content\":\"good bye\"", "\"trace_id\"");
    assertThat(commands.run("show", "1-1").status()).isEqualTo(1);
  }

  @Test
  void escapesControlCharacters() {
    String id = publish("a\u001b[31mb", "x", 1);

    assertThat(commands.run("find", "--id", id).out())
        .contains("a\\u001b[31mb")
        .doesNotContain("\u001b");
  }
}
