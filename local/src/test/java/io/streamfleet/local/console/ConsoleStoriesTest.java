package io.streamfleet.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.apiserver.access.Users;
import io.streamfleet.console.Console;
import io.streamfleet.console.settings.ConsoleSettings;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.local.fleet.WorkerJar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person does with the console, in a real browser, with a real fleet: operator, worker,
 * Redis and console are processes of their own. Each test has a stream of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleStoriesTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String INJECTED =
      "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

  private LocalFleet fleet;
  private StoryHandler handler;
  private RedisClient client;
  private RedisCommands<String, String> redis;
  private Browser browser;
  private Tab tab;
  private String console = "";

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    Optional<Path> chromium = Browser.installed();
    if (System.getenv("CI") != null) {
      assertThat(chromium).as("a chromium on the PATH, which .ci/run fetches").isPresent();
    }
    assumeThat(chromium)
        .as("the console is not tested: there is no chromium on the PATH")
        .isPresent();
    handler = new StoryHandler();
    fleet = LocalFleet.start(FleetPlan.of(ROOT, temporary.resolve("fleet")).withConsole(0));
    console = fleet.consoleUrl().orElseThrow();
    client = RedisClient.create(fleet.redisUrl());
    redis = client.connect().sync();
    fleet.apply(manifest());
    browser = Browser.start(chromium.get(), temporary);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                fleet.workers("chat").stream().anyMatch(FleetPod::ready)
                    && fleet.pods().stream()
                        .anyMatch(pod -> pod.name().contains("console") && pod.ready()));
  }

  private String manifest() {
    return """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: chat}
        spec:
          redis: {url: "redis://replaced:6379"}
          inbound:
            streams: [stuck, dying, other, injected]
            group: chat
            handler: {http: {url: "%s", timeout: 5m}}
          retry: {maxAttempts: 1, initialBackoff: 100ms}
          deadLetter: {stream: dead}
          workers: {replicas: 1, drainTimeout: 2s}
        """
        .formatted(handler.url());
  }

  @BeforeEach
  void open() throws Exception {
    tab = browser.tab();
  }

  @AfterEach
  void nothingWasKeptOutOrFailed() {
    assertThat(tab.complaints()).isEmpty();
    assertThat(tab.requested())
        .allMatch(it -> it.startsWith("http://127.0.0.1:") || it.equals("about:blank"));
    tab.close();
  }

  @AfterAll
  void end() {
    if (fleet == null) {
      return;
    }
    browser.close();
    handler.close();
    client.shutdown();
    fleet.close();
  }

  private String publish(String stream, String channel, String content) {
    return redis.xadd(
        stream,
        Map.of(
            "data",
            "{\"channel_id\":%s,\"content\":\"%s\",\"user\":{\"token\":\"abc123\"}}"
                .formatted(Tab.quoted(channel), content)));
  }

  private boolean isPaused() {
    StreamConsumerGroup resource = fleet.resource("default", "chat").orElseThrow();
    return Objects.requireNonNull(resource.getSpec().inbound()).paused();
  }

  @Test
  void aStuckChannelIsFoundAndExplained() {
    String entry = publish("stuck", "room-7", "hang");
    publish("stuck", "room-7", "behind it");
    publish("stuck", "room-8", "hello");
    String pod = fleet.workers("chat").getFirst().name();

    tab.open(console);
    tab.awaitText("chat", "ready");
    tab.click("chat");
    tab.awaitText("Throughput", "Streams", pod, "Running longest", entry);
    tab.click("Channels");
    tab.type("by", "oldest");
    tab.awaitText("room-7", pod);
    tab.click("room-7");

    tab.awaitText("The oldest entry of channel room-7", entry, "pending", pod, "its handler");
    assertThat(tab.text()).doesNotContain("abc123");
    tab.click("Cancel this entry…");
    tab.click("Cancel the entry");
    tab.awaitText("The workers were told.");
    await().atMost(PATIENCE).until(() -> redis.xpending("stuck", "chat").getCount() == 0);
    tab.awaitText("Nothing of this channel waits");
  }

  @Test
  void aDeadLetterIsReadAndReplayedOnceTheHandlerIsFixed() {
    String entry = publish("dying", "room-9", "refuse");
    await().atMost(PATIENCE).until(() -> redis.xlen("dead") == 1);

    tab.open(console + "/#/fleet/default/chat/dead-letters");
    tab.awaitText("1 dead letter, by cause", "permanent_failure", "room-9");
    tab.run("document.querySelector('section[key=list] td a').click()");
    tab.awaitText(entry, "\"content\": \"refuse\"", "\"token\": \"***\"");
    assertThat(tab.text()).contains("answered 422").doesNotContain("abc123");
    handler.fix();
    tab.click("Replay all 1…");
    tab.awaitText("1 dead letter becomes a new entry of its stream");
    tab.click("Replay 1");

    tab.awaitText("1 dead letter replayed, 0 already gone, 0 refused.");
    await()
        .atMost(PATIENCE)
        .until(() -> handler.handled().stream().anyMatch(it -> it.contains("refuse")));
    tab.awaitText("0 dead letters, by cause");
    assertThat(redis.xlen("dead")).isZero();
    tab.click("Overview");
    tab.awaitText("local begins to replay dead letters", "local replayed 1 dead letters");
  }

  @Test
  void aFleetIsPausedAndResumed() {
    tab.open(console + "/#/fleet/default/chat");
    tab.click("Pause inbound");
    tab.awaitText("What is in flight is finished");
    tab.click("Pause");

    tab.awaitText("paused: inbound", "local pauses inbound");
    assertThat(isPaused()).isTrue();
    tab.click("Resume inbound");
    tab.click("Resume");
    tab.awaitNoText("paused: inbound");
    assertThat(isPaused()).isFalse();
    String entry = publish("other", "room-1", "after the pause");
    await()
        .atMost(PATIENCE)
        .until(() -> handler.handled().stream().anyMatch(it -> it.contains("after the pause")));
    tab.open(console + "/#/fleet/default/chat/entry?what=" + entry);
    tab.awaitText("settled", "nothing: it was acknowledged");
  }

  /** No worker runs: what Redis has is as if one had left two of four partitions. */
  @Test
  void whoHasWhichPartitionIsShownAndWhatNobodyHas() {
    fleet.apply(
        """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: ordered}
        spec:
          redis: {url: "redis://replaced:6379"}
          inbound:
            {streams: [orders], group: o, partitions: {count: 4}, handler: {builtin: Discard}}
          workers: {replicas: 0}
        """);
    long later = System.currentTimeMillis() + 3_600_000;
    redis.zadd("orders:members:o", (double) later, "ordered-worker-a");
    for (int partition : new int[] {0, 2}) {
      redis.hset(
          "orders:{%d}:lease:o".formatted(partition),
          Map.of("token", "t", "owner", "ordered-worker-a", "until", Long.toString(later)));
    }

    tab.open(console + "/#/fleet/default/ordered");

    tab.awaitText("Partitions", "ordered-worker-a", "0 2", "none", "1 3");
    tab.awaitText("partitions 1 3 have no worker");
  }

  @Test
  void aUserWithoutRightsSeesNothingAndOneWhoMayOnlyLookCannotAct() throws Exception {
    fleet.users().add("nobodys", new Users.User("nobody", List.of(), access -> false));
    fleet
        .users()
        .add("viewers", new Users.User("eve", List.of(), access -> access.verb().equals("get")));
    ConsoleSettings settings =
        ConsoleSettings.from(
            Map.of(
                "STREAMFLEET_HOST", "127.0.0.1",
                "STREAMFLEET_CONSOLE_PORT", "0",
                "STREAMFLEET_CONSOLE_CHANGES", "true"));
    try (Console guarded = Console.start(settings, fleet.client())) {
      String url = "http://127.0.0.1:" + guarded.port();
      tab.open(url);
      tab.awaitText("Sign in");
      signIn("a token that nobody has");
      tab.awaitText("This token is not valid any more, or never was.");
      signIn("nobodys");
      tab.awaitText("There is no fleet that you may see.", "nobody");
      tab.open(url + "/#/fleet/default/chat/channels");
      tab.awaitText("there is no fleet default/chat for you");
      tab.click("Sign out");
      signIn("viewers");
      tab.awaitText("eve");
      tab.open(url + "/#/fleet/default/chat");
      tab.awaitText("Pause inbound", "Throughput");
      assertThat(tab.run("document.querySelector('button[key^=pause]').disabled").asBoolean())
          .isTrue();
    }
  }

  private void signIn(String token) {
    tab.type("token", token);
    tab.run("document.querySelector('form.signin').requestSubmit()");
  }

  @Test
  void aScriptInTheNameOfAChannelStaysText() {
    redis.xadd(
        "dead",
        Map.of(
            "original_stream",
            "injected",
            "original_msg_id",
            "1-1",
            "error",
            INJECTED,
            "reason",
            INJECTED,
            "data",
            "{\"channel_id\":%s}".formatted(Tab.quoted(INJECTED))));
    publish("injected", INJECTED, "hang");

    tab.open(console + "/#/fleet/default/chat/channels");
    tab.awaitText(INJECTED);
    tab.click("<img");
    tab.awaitText("The oldest entry of channel " + INJECTED);
    tab.click("Dead letters");
    tab.awaitText("1 dead letter, by cause");
    tab.run("document.querySelector('section[key=list] td a').click()");
    tab.awaitText("Dead letter", "original stream");

    assertThat(tab.run("document.querySelectorAll('main img, main script').length").asInt())
        .isZero();
    assertThat(tab.run("document.title").asText()).isEqualTo("chat · Streamfleet");
    redis.del("dead");
    handler.release();
  }

  @Test
  void everyScreenFitsAPhoneAndHasContrastInTheLightAndInTheDark() throws IOException {
    for (String screen :
        List.of("", "/channels", "/entry?what=room-1&channel=1", "/dead-letters")) {
      tab.size(375, 800);
      tab.open(console + "/#/fleet/default/chat" + screen);
      tab.awaitText("Overview", "Dead letters");
      tab.awaitNoText("Loading");
      for (boolean dark : List.of(false, true)) {
        tab.dark(dark);
        assertThat(tab.run(Looks.TOO_FAINT)).as(screen + " dark " + dark).isEmpty();
      }
      assertThat(tab.run("document.scrollingElement.scrollWidth").asInt())
          .as(screen)
          .isLessThanOrEqualTo(375);
      assertThat(tab.run(Looks.WITHOUT_NAME)).as(screen).isEmpty();
    }
  }

  @Test
  void theKeyboardReachesWhatTheMouseDoes() {
    tab.open(console + "/#/fleet/default/chat");
    tab.awaitText("Pause inbound");
    for (int i = 0; i < 30 && !focused().startsWith("Pause"); i++) {
      tab.press("Tab");
    }
    assertThat(focused()).isEqualTo("Pause inbound");
    tab.press("Enter");
    tab.awaitText("Pause inbound?");
    tab.press("Escape");
    tab.awaitNoText("Pause inbound?");
    assertThat(isPaused()).isFalse();
  }

  private String focused() {
    return tab.run("document.activeElement?.innerText ?? ''").asText();
  }
}
