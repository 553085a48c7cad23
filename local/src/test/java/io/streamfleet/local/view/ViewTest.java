package io.streamfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.streamfleet.api.Condition;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.view.ScreenLine.Tone;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How a fleet is shown. */
class ViewTest {

  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  private static Snapshot snapshot(Instant at, String ready, List<Snapshot.Happening> events) {
    return new Snapshot(
        at,
        List.of(new Snapshot.Resource("default", "chat", ready, "1/2", "")),
        List.of(
            new FleetPod(
                "default",
                "chat-worker-1",
                "chat",
                "Running",
                true,
                3,
                OptionalLong.of(4711),
                Optional.of("http://127.0.0.1:9"),
                Optional.empty()),
            new FleetPod(
                "default",
                "chat-worker-2",
                "chat",
                "CrashLoopBackOff",
                false,
                0,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of("exit status 2: no handler com.example.Lost"))),
        List.of(
            new Snapshot.Stream(
                "in",
                "g",
                OptionalLong.of(120),
                OptionalLong.of(2),
                OptionalLong.empty(),
                OptionalDouble.of(4.96)),
            new Snapshot.Stream(
                "dead",
                "",
                OptionalLong.of(1),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty())),
        events,
        Optional.empty());
  }

  private static Snapshot.Happening happening(String message, int times) {
    return new Snapshot.Happening(
        NOW.minusSeconds(42), true, "BackOff", "pod/chat-worker-2", message, times);
  }

  @Test
  void aPictureHasEverythingInColumns() {
    List<ScreenLine> lines = FleetScreen.of(snapshot(NOW, "False", List.of(happening("no", 3))));
    assertThat(lines.stream().map(line -> line.text().stripTrailing()))
        .containsExactly(
            "RESOURCE  READY  WORKERS",
            "chat      False  1/2",
            "",
            "POD            READY  STATUS            RESTARTS  PID   METRICS",
            "chat-worker-1  yes    Running           3         4711  http://127.0.0.1:9/metrics",
            "chat-worker-2  no     CrashLoopBackOff  0         -     -                           "
                + "exit status 2: no handler com.example.Lost",
            "",
            "STREAM  LENGTH  PENDING  LAG  RATE   GROUP",
            "in      120     2        -    5.0/s  g",
            "dead    1                            (dead letters)",
            "",
            "EVENT  REASON   ABOUT",
            "42s    BackOff  pod/chat-worker-2  no (3 times)");
    assertThat(lines.get(1).tone()).isEqualTo(Tone.BAD);
    assertThat(lines.get(4).tone()).isEqualTo(Tone.GOOD);
  }

  private static String drawn(LiveScreen screen, StringWriter text, Snapshot snapshot) {
    text.getBuffer().setLength(0);
    screen.show(snapshot);
    return text.toString();
  }

  @Test
  void aScreenIsDrawnInPlaceAndNeverBeyondItsEdges() {
    StringWriter text = new StringWriter();
    LiveScreen.Size[] size = {new LiveScreen.Size(12, 30)};
    LiveScreen screen =
        new LiveScreen(
            new PrintWriter(text),
            () -> Optional.of(size[0]),
            () -> new ScreenLine(Tone.HEADING, "a fleet"),
            new ScreenLine(Tone.FAINT, "Ctrl-C"));
    Snapshot snapshot = snapshot(NOW, "True", List.of(happening("a\nlong\u001b[2Jmessage", 1)));

    String first = drawn(screen, text, snapshot);
    assertThat(first).contains("\u001b[?1049h", "\u001b[?25l", "\u001b[2J");
    String second = drawn(screen, text, snapshot);
    assertThat(second).doesNotContain("\u001b[2J").contains("\u001b[H");
    List<String> lines = second.replaceAll("\u001b\\[[?0-9]*[A-Za-z]", "").lines().toList();
    assertThat(lines).hasSize(12).allSatisfy(it -> assertThat(it.length()).isLessThan(30));
    assertThat(lines.getFirst()).isEqualTo("a fleet");
    assertThat(lines).anySatisfy(it -> assertThat(it).startsWith("POD (1 of 2)"));
    assertThat(lines.getLast()).isEqualTo("Ctrl-C");

    size[0] = new LiveScreen.Size(3, 30);
    assertThat(drawn(screen, text, snapshot)).contains("\u001b[2J");
    text.getBuffer().setLength(0);
    screen.close();
    screen.close();
    assertThat(text.toString()).isEqualTo("\u001b[?25h\u001b[?1049l");
  }

  /** Seven resources with a worker each; the last two are not ready, and say why at length. */
  private static Snapshot sevenResources() {
    List<Snapshot.Resource> resources = new ArrayList<>();
    List<FleetPod> pods = new ArrayList<>();
    List<Snapshot.Stream> streams = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      boolean ready = i < 6;
      resources.add(
          new Snapshot.Resource(
              "default", "chat-" + i, ready ? "True" : "False", "1/1", ready ? "" : LONG_REASON));
      pods.add(
          new FleetPod(
              "default",
              "chat-" + i + "-worker-m4b6r9rgr9-6s44p",
              "chat-" + i,
              ready ? "Running" : "CrashLoopBackOff",
              ready,
              0,
              OptionalLong.of(4000 + i),
              Optional.of("http://127.0.0.1:34683"),
              ready
                  ? Optional.empty()
                  : Optional.of("exit status 2: no handler com.example.Lost")));
      streams.add(
          new Snapshot.Stream(
              "sg:stream:inbound-" + i,
              "sg:workers",
              OptionalLong.of(120),
              OptionalLong.of(i == 7 ? 9 : 0),
              OptionalLong.of(0),
              OptionalDouble.of(4.96)));
    }
    return new Snapshot(
        NOW, resources, pods, streams, List.of(happening("Back-off", 3)), Optional.empty());
  }

  private static final String LONG_REASON =
      "the deployment is not available: 1 of 1 pods is not ready, since the handler class cannot"
          + " be found on the class path of the worker";

  @Test
  void aScreenOfTheUsualSizeShowsSomeOfEachKindAndFirstWhatIsNotWell() {
    StringWriter text = new StringWriter();
    LiveScreen screen =
        new LiveScreen(
            new PrintWriter(text),
            () -> Optional.of(LiveScreen.Size.USUAL),
            () -> new ScreenLine(Tone.HEADING, "a fleet"),
            new ScreenLine(Tone.FAINT, "Ctrl-C"));

    String drawn = drawn(screen, text, sevenResources());
    List<String> lines = drawn.replaceAll("\u001b\\[[?0-9]*[A-Za-z]", "").lines().toList();
    assertThat(lines).hasSizeLessThanOrEqualTo(24);
    assertThat(lines).allSatisfy(it -> assertThat(it.length()).isLessThan(80));
    assertThat(lines).noneSatisfy(it -> assertThat(it).contains("…"));
    String all = String.join(" ", lines).replaceAll("\\s+", " ");
    assertThat(all)
        .contains(LONG_REASON)
        .contains("chat-6 False", "chat-7 False")
        .contains("exit status 2: no handler com.example.Lost")
        .contains("sg:stream:inbound-7 120 9")
        .contains("BackOff pod/chat-worker-2 Back-off (3 times)")
        .containsPattern("RESOURCE \\([2-6] of 7\\)");
  }

  @Test
  void whatFitsIsAllShown() {
    List<ScreenLine> fitted =
        FleetScreen.fitted(snapshot(NOW, "True", List.of(happening("no", 1))), 40, 200);

    assertThat(fitted)
        .isEqualTo(FleetScreen.of(snapshot(NOW, "True", List.of(happening("no", 1)))));
  }

  @Test
  void whatIsPausedIsSaidOfAFleetThatIsReady() {
    StreamConsumerGroup group = new StreamConsumerGroup();
    group.setMetadata(new ObjectMetaBuilder().withName("chat").withNamespace("default").build());
    group.setStatus(
        new StreamConsumerGroupStatus(
            1L,
            List.of(new Condition("Ready", "True", 1L, null, "AllAvailable", "")),
            null,
            null,
            null,
            "2/2",
            "discord",
            null,
            null,
            null,
            null,
            null,
            List.of(),
            List.of(),
            List.of()));

    Snapshot.Resource resource = FleetObserver.resource(group);

    assertThat(resource.reason()).isEqualTo("paused: discord");
    StringWriter text = new StringWriter();
    PlainLines lines = new PlainLines(new PrintWriter(text), "");
    lines.show(
        new Snapshot(NOW, List.of(resource), List.of(), List.of(), List.of(), Optional.empty()));
    lines.close();
    assertThat(text.toString()).startsWith("chat: workers 2/2, ready: paused: discord\n");
  }

  @Test
  void whereThereIsNoTerminalALineSaysItNowAndThen() {
    StringWriter text = new StringWriter();
    PlainLines lines = new PlainLines(new PrintWriter(text), "up: ");
    lines.show(snapshot(NOW, "False", List.of(happening("no", 1))));
    assertThat(text.toString().lines())
        .containsExactly(
            "up: warning: BackOff pod/chat-worker-2: no",
            "up: chat: workers 1/2, not ready",
            "up: 5.0 entries a second settled, 2 pending, lag unknown, 1 dead letters");
    text.getBuffer().setLength(0);
    lines.show(snapshot(NOW.plusSeconds(1), "False", List.of(happening("no", 2))));
    assertThat(text.toString()).isEmpty();
    lines.show(snapshot(NOW.plusSeconds(2), "True", List.of()));
    assertThat(text.toString()).startsWith("up: chat: workers 1/2, ready\n");
    lines.close();
  }

  @Test
  void aRateIsOfEntriesAndNotOfWorkersThatComeAndGo() {
    Rates rates = new Rates();
    String metrics = "streamfleet_entries_acked_total{group=\"g\",stream=\"in\",} %s\n";
    rates.worker("a", metrics.formatted("100.0"));
    rates.lookedAt(0);
    assertThat(rates.of("in")).isEmpty();
    rates.worker("a", metrics.formatted("104.0"));
    rates.worker("b", metrics.formatted("1000.0"));
    rates.lookedAt(2_000_000_000L);
    assertThat(rates.of("in")).hasValue(2);
    rates.worker("a", metrics.formatted("0.0"));
    rates.lookedAt(4_000_000_000L);
    assertThat(rates.of("in")).hasValue(1);
    assertThat(rates.of("out")).isEmpty();
  }

  @Test
  void answersThatGoNowhereAreToldOfThePod() {
    assertThat(
            AnswerWarningCounts.of(
                """
                streamfleet_suspect_answers_total{doubt="unknown_key",} 0.0
                streamfleet_suspect_answers_total{doubt="not_json",} 2.0
                streamfleet_suspect_answers_total{doubt="unread_stream",} 12.0
                """))
        .contains(
            "answers of the handler: 2 with a body that is ignored for its content type, 12"
                + " emitted for a platform that nobody serves; the log tells which");
    assertThat(
            AnswerWarningCounts.of("streamfleet_suspect_answers_total{doubt=\"not_json\",} 0.0\n"))
        .isEmpty();
  }

  @Test
  void tellsOfAHandlerThatIsAway() {
    assertThat(
            Outages.of(
                """
                streamfleet_breaker_open{endpoint="http://localhost:9000",} 1.0
                streamfleet_breaker_open{endpoint="outbound-discord",} 0.0
                """))
        .contains("unavailable: http://localhost:9000; messages wait, and it is probed");
    assertThat(Outages.of("streamfleet_breaker_open{endpoint=\"inbound\",} 0.0\n")).isEmpty();
  }

  @Test
  void tellsOfMessagesThatWaitForLimitsOrForATrial() {
    String limited =
        """
        streamfleet_limited{loop="inbound",} 0.0
        streamfleet_limited{loop="outbound-discord",} 12.0
        streamfleet_trial 0.0
        """;
    assertThat(Waits.of(limited)).contains("limited: 12 wait in outbound-discord");
    assertThat(Waits.of(limited.replace("12.0", "0.0"))).isEmpty();
    assertThat(Waits.of("streamfleet_trial 1.0\n"))
        .contains("tries messages that may have killed it; others wait");
  }

  @Test
  void aTerminalThatDoesNotTellItsSizeHasNone() {
    assertThat(Terminal.parsed("40 120\n")).contains(new LiveScreen.Size(40, 120));
    assertThat(Terminal.parsed("0 0\n")).isEmpty();
    assertThat(Terminal.parsed("")).isEmpty();
    assertThat(FleetScreen.age(java.time.Duration.ofMinutes(5))).isEqualTo("5m");
  }
}
