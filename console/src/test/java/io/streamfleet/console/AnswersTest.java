package io.streamfleet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.Consumer;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the console tells of a fleet, and what it does to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersTest {

  private static final String FLEET = RunningConsole.FLEET;

  private World world;
  private RunningConsole console;

  @BeforeAll
  void start() throws IOException {
    world = World.start();
    console =
        RunningConsole.open(
            world,
            Map.of("STREAMFLEET_CONSOLE_CHANGES", "true", "STREAMFLEET_CONSOLE_PAYLOADS", "true"));
  }

  @AfterAll
  void end() {
    console.close();
    world.close();
  }

  @BeforeEach
  void empty() {
    console.redis().flushall();
    console
        .redis()
        .xgroupCreate(
            XReadArgs.StreamOffset.from("in", "0"), "workers", XGroupCreateArgs.Builder.mkstream());
  }

  private JsonNode fleet() throws Exception {
    return console.get(FLEET);
  }

  @Test
  void aFleetIsLateByItsOldestUnreadEntryAndSaysWhatHoldsItBack() throws Exception {
    console.publish("c");
    console.publish("c");

    await()
        .atMost(RunningConsole.PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode fleets = console.get("fleets").path("fleets");
              JsonNode row = fleets.get(fleets.size() - 1);
              assertThat(row.path("lag").asLong()).isEqualTo(2);
              assertThat(row.path("late_seconds").asDouble()).isPositive();
              assertThat(row.path("held_back_by").toString()).contains("no worker");
              assertThat(row.path("history").path("lag").size()).isPositive();
            });
    JsonNode group = fleet().path("groups").get(0);
    assertThat(group.path("stream").asText()).isEqualTo("in");
    assertThat(group.path("pending").asLong()).isZero();
    assertThat(fleet().path("inbound").path("declared").asBoolean()).isTrue();
  }

  @Test
  void aRedisThatDoesNotAnswerIsSaidToAndLookedAtAgain() throws Exception {
    world.applyAt("shop", "lost", "redis://127.0.0.1:1");

    await()
        .atMost(RunningConsole.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(console.get("fleets/shop/lost").path("problem").asText())
                    .contains("cannot connect to Redis"));
    HttpResponse<String> answer = console.send(console.to("fleets/shop/lost/channels"));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(console.get(FLEET).path("problem").isNull()).isTrue();
  }

  @SuppressWarnings("unchecked")
  @Test
  void channelsAreFoundByPartOfTheirNameAndSayWhoHoldsThem() throws Exception {
    console.publish("room-1");
    console.publish("room-2");
    console.publish("hall");
    console
        .redis()
        .xreadgroup(
            Consumer.from("workers", "w1"),
            XReadArgs.Builder.count(1),
            XReadArgs.StreamOffset.lastConsumed("in"));
    console.redis().set("sg:lock:channel:room-1", "w1/0-0");

    JsonNode told = console.get(FLEET + "/channels?by=oldest&search=ROOM");

    assertThat(told.path("channels")).hasSize(2);
    JsonNode first = told.path("channels").get(0);
    assertThat(first.path("channel").asText()).isEqualTo("room-1");
    assertThat(first.path("held_by").asText()).isEqualTo("w1");
    assertThat(first.path("pending").asInt()).isEqualTo(1);
    assertThat(told.path("consumers").get(0).path("consumer").asText()).isEqualTo("w1");
    assertThat(console.send(console.to(FLEET + "/channels?by=size")).statusCode()).isEqualTo(400);
  }

  @Test
  void anEntryIsExplainedAndItsPayloadMaskedByTheNamesOfFields() throws Exception {
    String entry = console.publish("c");

    JsonNode told = console.get(FLEET + "/why?what=" + entry).path("answers").get(0);
    JsonNode ofChannel = console.get(FLEET + "/why?what=c").path("answers").get(0);

    assertThat(told.path("state").asText()).isEqualTo("unread");
    assertThat(told.path("payload").toString())
        .isEqualTo("{\"channel_id\":\"c\",\"secret\":\"***\"}");
    assertThat(ofChannel.path("entry").asText()).isEqualTo(entry);
    assertThat(console.get(FLEET + "/why?what=nobody").path("answers")).isEmpty();
    JsonNode found = console.get(FLEET + "/find?kind=channel&value=c&newer-than=1h");
    assertThat(found.path("hits").get(0).path("id").asText()).isEqualTo(entry);
    assertThat(found.path("hits").get(0).has("payload")).isFalse();
    assertThat(console.send(console.to(FLEET + "/find?kind=text&value=c")).statusCode())
        .isEqualTo(400);
    assertThat(console.send(console.to(FLEET + "/why")).statusCode()).isEqualTo(400);
  }

  @Test
  void payloadsAreHiddenUnlessTheyAreAllowed() throws Exception {
    try (RunningConsole hiding = RunningConsole.open(world, Map.of())) {
      String letter = console.bury("c", "max_attempts", "no");

      HttpResponse<String> answer = hiding.send(hiding.to(FLEET + "/dead-letters/" + letter));

      assertThat(answer.body())
          .contains("payloads are not shown", "payload_bytes")
          .doesNotContain("hunter2", "PassWord", "k-123");
      assertThat(hiding.get("me").path("payloads").asBoolean()).isFalse();
    }
  }

  @Test
  void deadLettersAreGroupedByCauseAndSelectedByIt() throws Exception {
    console.bury("a", "max_attempts", "timeout after 31 ms");
    console.bury("b", "max_attempts", "timeout after 90 ms");
    String other = console.bury("b", "undecodable", "no map");

    JsonNode groups = console.get(FLEET + "/dead-letter-groups");
    JsonNode list =
        console.get(FLEET + "/dead-letters?error=" + RunningConsole.encoded("timeout after N ms"));
    JsonNode letter = console.get(FLEET + "/dead-letters/" + other);

    assertThat(groups.path("groups")).hasSize(2);
    assertThat(groups.path("groups").get(0).path("error").asText()).isEqualTo("timeout after N ms");
    assertThat(groups.path("groups").get(0).path("count").asInt()).isEqualTo(2);
    assertThat(list.path("selected").asInt()).isEqualTo(2);
    assertThat(list.toString()).doesNotContain("hunter2", "k-123");
    assertThat(letter.path("payload").toString())
        .isEqualTo("{\"channel_id\":\"b\",\"card\":{\"PassWord\":\"***\",\"n\":1}}");
    assertThat(letter.path("field.api_key").asText()).isEqualTo("***");
    assertThat(console.send(console.to(FLEET + "/dead-letters/9-9")).statusCode()).isEqualTo(404);
    assertThat(console.send(console.to(FLEET + "/dead-letters/x")).statusCode()).isEqualTo(400);
  }

  private JsonNode done(JsonNode started) {
    return await()
        .atMost(RunningConsole.PATIENCE)
        .until(
            () -> console.get(FLEET + "/jobs/" + started.path("id").asText()),
            job -> job.path("done").asBoolean());
  }

  @Test
  void aReplayIsRehearsedFirstAndTakesOnlyWhatWasSelected() throws Exception {
    console.bury("a", "max_attempts", "no");
    console.bury("b", "permanent_failure", "no");
    String selection = "\"filter\":{\"reason\":[\"max_attempts\"]}";

    JsonNode rehearsed = done(console.post(FLEET + "/dead-letters/replay", "{" + selection + "}"));
    assertThat(rehearsed.path("replayed").asInt()).isEqualTo(1);
    assertThat(rehearsed.path("rehearsal").asBoolean()).isTrue();
    assertThat(console.redis().xlen("dead")).isEqualTo(2);
    assertThat(console.redis().xlen("in")).isZero();

    JsonNode replayed =
        done(console.post(FLEET + "/dead-letters/replay", "{" + selection + ",\"dry_run\":false}"));
    assertThat(replayed.path("replayed").asInt()).isEqualTo(1);
    assertThat(console.redis().xlen("dead")).isEqualTo(1);
    assertThat(console.redis().xlen("in")).isEqualTo(1);
    await()
        .atMost(RunningConsole.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(console.get(FLEET + "/events").toString())
                    .contains(
                        "local begins to replay dead letters, of reason max_attempts",
                        "local replayed 1 dead letters, 0 already gone, 0 refused"));
  }

  @Test
  void aPurgeDeletesWhatWasNamedAndNothingWhereNothingWas() throws Exception {
    String one = console.bury("a", "max_attempts", "no");
    console.bury("b", "max_attempts", "no");

    HttpResponse<String> unsaid =
        console.send(console.change(FLEET + "/dead-letters/purge", "{\"dry_run\":false}"));
    assertThat(unsaid.statusCode()).isEqualTo(400);
    JsonNode purged =
        done(
            console.post(
                FLEET + "/dead-letters/purge",
                "{\"filter\":{\"id\":[\"" + one + "\"]},\"dry_run\":false}"));

    assertThat(purged.path("purged").asInt()).isEqualTo(1);
    assertThat(console.redis().xlen("dead")).isEqualTo(1);
    assertThat(
            done(console.post(FLEET + "/dead-letters/purge", "{\"all\":true}"))
                .path("purged")
                .asInt())
        .isEqualTo(1);
    assertThat(console.redis().xlen("dead")).isEqualTo(1);
  }

  @Test
  void aLetterThatCannotBeReplayedStaysAndSaysWhy() throws Exception {
    console
        .redis()
        .xadd("dead", Map.of("original_stream", "elsewhere", "error", "no", "data", "{}"));

    JsonNode job =
        done(console.post(FLEET + "/dead-letters/replay", "{\"all\":true,\"dry_run\":false}"));

    assertThat(job.path("refused").asInt()).isEqualTo(1);
    assertThat(job.path("refusals").get(0).path("why").asText()).contains("elsewhere");
    assertThat(console.redis().xlen("dead")).isEqualTo(1);
  }

  @Test
  void aCancellationThatNobodyHearsIsSaidToBe() throws Exception {
    HttpResponse<String> answer =
        console.send(console.change(FLEET + "/cancel", "{\"stream\":\"in\",\"entry\":\"1-1\"}"));
    HttpResponse<String> unsaid = console.send(console.change(FLEET + "/cancel", "{}"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("nobody listens");
    assertThat(unsaid.statusCode()).isEqualTo(400);
  }

  @Test
  void whatAFleetDoesNotHaveCannotBePaused() throws Exception {
    HttpResponse<String> answer =
        console.send(console.change(FLEET + "/pause", "{\"what\":\"discord\"}"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("the fleet has no discord");
  }

  @Test
  void fiftyPagesCostRedisAsMuchAsOne() throws Exception {
    for (int i = 0; i < 200; i++) {
      console.bury("c" + i % 7, "max_attempts", "no " + i);
      console.publish("c" + i % 7);
    }
    String[] screens = {"", "/channels", "/dead-letter-groups", "/dead-letters", "/why?what=c1"};
    long one = commandsOf(1, screens);
    long fifty = commandsOf(50, screens);

    assertThat(fifty).isLessThan(2 * one + 100);
  }

  /** The commands that Redis served while so many pages asked for screens. */
  private long commandsOf(int pages, String... screens) throws Exception {
    // What is known from before is forgotten after five seconds at most.
    long until = System.nanoTime() + 5_100_000_000L;
    await().atMost(RunningConsole.PATIENCE).until(() -> System.nanoTime() > until);
    long before = served();
    for (int page = 0; page < pages; page++) {
      for (String screen : screens) {
        console.get(FLEET + screen);
      }
    }
    return served() - before;
  }

  private long served() {
    return console
        .redis()
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_commands_processed:"))
        .mapToLong(line -> Long.parseLong(line.split(":", 2)[1].strip()))
        .sum();
  }
}
