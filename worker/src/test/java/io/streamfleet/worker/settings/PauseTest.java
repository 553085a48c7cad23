package io.streamfleet.worker.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A direction or a platform that is paused takes nothing in, and ends what it has in flight. */
class PauseTest {

  private static final QuickManifest RUNNING = QuickManifest.calm().with("read", "{block: 60s}");

  private static final QuickManifest PAUSED = inbound(RUNNING, "paused: true, ");

  private final Fleet fleet = new Fleet();

  @AfterEach
  void close() throws Exception {
    fleet.close();
  }

  private static QuickManifest inbound(QuickManifest manifest, String more) {
    return manifest.with(
        "inbound",
        "{"
            + more
            + "streams: [in], group: g, ordering: {lockTtl: 20s}, handler: {builtin: Discard}}");
  }

  private static void awaitPaused(TestWorker worker, String loop, String stream) {
    await()
        .until(
            () ->
                worker.metric("streamfleet_paused", "loop", loop, "stream", stream, "group", "g")
                    == 1);
  }

  /** Nothing of what is published reaches the handler, or this worker's name. */
  private void nothingComesIn(RecordingHandler handler) {
    int before = handler.started().size();
    long pending = fleet.group().rows().size();
    fleet.publish("c", 20);
    await()
        .during(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(handler.started()).hasSize(before);
              assertThat(fleet.group().rows()).hasSize((int) pending);
            });
  }

  @Test
  void nothingIsReadDuringAPauseAndAllIsAfterIt() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    TestWorker worker = fleet.worker(RUNNING, handler);
    fleet.publish("c", 10);
    await().until(() -> handler.finished().size() == 10);

    worker.change(PAUSED.text());
    // Its read waits at the server for a minute, and is ended.
    awaitPaused(worker, "inbound", "in");
    nothingComesIn(handler);
    assertThat(worker.ready()).isTrue();
    assertThat(fleet.traffic().redis().keys("sg:lock:*")).isEmpty();

    worker.change(RUNNING.text());
    await().until(() -> handler.finished().size() == 30 && fleet.hasNothingPending());
    assertThat(worker.metric("streamfleet_paused", "loop", "inbound", "stream", "in", "group", "g"))
        .isZero();
  }

  @Test
  void entriesInFlightAreHandledRetriedAndSettledDuringAPause() throws Exception {
    Gate gate = new Gate();
    AtomicInteger calls = new AtomicInteger();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              gate.pass();
              if (calls.incrementAndGet() % 2 == 1) {
                throw new TransientFailure("not yet");
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(RUNNING, handler);
    fleet.publish("a", 2);
    fleet.publish("b", 2);
    await().until(() -> fleet.group().rows().size() == 4 && gate.reached() == 2);

    worker.change(PAUSED.text());
    awaitPaused(worker, "inbound", "in");
    gate.open();

    await().until(() -> handler.finished().size() == 4 && fleet.hasNothingPending());
    await().until(() -> fleet.traffic().redis().keys("sg:lock:*").isEmpty());
    nothingComesIn(handler);
  }

  @Test
  void nothingIsClaimedDuringAPauseWhichIsNoStandstill() throws Exception {
    QuickManifest hasty = QuickManifest.hasty();
    RecordingHandler handler = RecordingHandler.instant();
    fleet.group().created();
    TestWorker worker = fleet.worker(inbound(hasty, "paused: true, "), handler);
    awaitPaused(worker, "inbound", "in");
    fleet.publish("c", 5);
    fleet.group().deliverTo("dead", 5);

    // It sweeps three times a second, and they may be claimed after one.
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(fleet.group().rows())
                  .extracting(GroupView.Row::consumer)
                  .containsOnly("dead");
              assertThat(worker.metric("streamfleet_standstill_seconds", "loop", "inbound"))
                  .isZero();
            });

    worker.change(hasty.text());
    await().until(() -> handler.finished().size() == 5 && fleet.hasNothingPending());
  }

  @Test
  void ofAnEarlierLifeNothingIsTakenUpBeforeThePauseEnds() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    fleet.group().created();
    fleet.publish("c", 5);
    fleet.group().deliverTo("w1", 5);
    TestWorker worker = fleet.worker(PAUSED, handler);
    awaitPaused(worker, "inbound", "in");
    nothingComesIn(handler);

    worker.change(RUNNING.text());
    await().until(() -> handler.finished().size() == 25 && fleet.hasNothingPending());
    assertThat(handler.numbers("c")).isSorted();
  }

  @Test
  void onePlatformRestsWhileTheOtherWorks() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    QuickManifest both =
        new QuickManifest(Map.of())
            .with("redis", "{url: 'redis://127.0.0.1:6379'}")
            .with("read", "{block: 60s}");
    QuickManifest one = outbound(both, "pausedPlatforms: [discord], ");
    TestWorker worker = fleet.worker(outbound(both, ""), handler);

    worker.change(one.text());
    awaitPaused(worker, "outbound-discord", "out:discord");
    fleet.traffic().publish("out:discord", "c");
    fleet.traffic().publish("out:matrix", "c");

    await().until(() -> handler.finished().size() == 1);
    await()
        .during(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(streams(handler)).containsExactly("out:matrix"));
    assertThat(
            worker.metric(
                "streamfleet_paused",
                "loop",
                "outbound-matrix",
                "stream",
                "out:matrix",
                "group",
                "g"))
        .isZero();

    worker.change(outbound(both, "").text());
    await().until(() -> streams(handler).equals(List.of("out:matrix", "out:discord")));
  }

  /** What waits for room in a worker comes one after the other, and who rests is not in the way. */
  @Test
  void aPausedPlatformDoesNotBlockTheRoomOfAnother() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.stream().equals("out:discord")) {
                gate.pass();
              }
              return Handled.nothing();
            });
    QuickManifest small =
        new QuickManifest(Map.of())
            .with("redis", "{url: 'redis://127.0.0.1:6379'}")
            .with("read", "{block: 100ms, maxBytes: 256Ki}");
    // Of its life before, since more than there is room for is not read.
    GroupView discord = new GroupView(fleet.traffic(), "out:discord", "g").created();
    publish("out:discord", 10, 60_000);
    discord.deliverTo("w1", 10);
    TestWorker worker = fleet.worker(outbound(small, ""), handler);
    await().until(() -> gate.reached() == 3);

    worker.change(outbound(small, "pausedPlatforms: [discord], ").text());
    awaitPaused(worker, "outbound-discord", "out:discord");
    gate.open();
    await().until(() -> handler.finished().size() == gate.reached());
    // More than the part of its own.
    publish("out:matrix", 1, 100_000);

    await().until(() -> streams(handler).contains("out:matrix"));
    worker.change(outbound(small, "").text());
    await().until(() -> handler.finished().size() == 11);
  }

  private void publish(String stream, int entries, int bytes) {
    for (int i = 0; i < entries; i++) {
      fleet.traffic().publish(stream, Map.of("channel_id", "c", "text", "x".repeat(bytes)));
    }
  }

  private static List<String> streams(RecordingHandler handler) {
    return handler.finished().stream().map(RecordingHandler.Call::stream).toList();
  }

  private static QuickManifest outbound(QuickManifest manifest, String more) {
    return manifest.with(
        "outbound",
        "{"
            + more
            + "platforms: [discord, matrix], streamTemplate: 'out:{platform}', group: g,"
            + " handler: {builtin: Discard}}");
  }
}
