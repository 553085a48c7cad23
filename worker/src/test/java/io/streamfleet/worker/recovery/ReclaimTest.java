package io.streamfleet.worker.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XTrimArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries change hands: from the dead to the living, and never from the living. */
class ReclaimTest {

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  private static String manifest(String autoclaim) {
    return """
    redis: {url: "redis://127.0.0.1:6379"}
    inbound: {streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {builtin: Discard}}
    read: {block: 200ms}
    workers: {drainTimeout: 1s}
    autoclaim: %s
    retry: {maxAttempts: 2}
    deadLetter: {stream: dlq}
    """
        .formatted(autoclaim);
  }

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private static double entries(TestWorker worker, String what) {
    return worker.metric("streamfleet_entries_" + what + "_total", "stream", "in", "group", "g");
  }

  private void deliverToGhost(int count) {
    group.created();
    for (int i = 0; i < count; i++) {
      traffic.publish("in", "c" + i % 50);
    }
    group.deliverTo("ghost", count);
  }

  @Test
  void oneSweepGoesToTheEndOfALongPendingList() throws Exception {
    deliverToGhost(5_000);
    await().until(() -> group.rows().getLast().idleMillis() > 500);
    RecordingHandler handler = RecordingHandler.instant();
    // One sweep at the start, and none for an hour.
    try (TestWorker worker =
        TestWorker.start(manifest("{interval: 1h, minIdle: 500ms}"), "w1", handler, redis.url())) {
      await().atMost(Duration.ofSeconds(20)).until(group::isEmpty);

      assertThat(handler.finished()).hasSize(5_000);
      assertThat(handler.finished().stream().map(RecordingHandler.Call::id).distinct())
          .hasSize(5_000);
      assertThat(handler.finished()).allMatch(call -> call.attempt() == 2);
      assertThat(handler.overlaps()).isEmpty();
      assertThat(entries(worker, "claimed")).isGreaterThanOrEqualTo(5_000);
    }
  }

  @Test
  void aSweepRecordsPendingEntriesWhosePayloadWasTrimmedAway() throws Exception {
    deliverToGhost(3);
    traffic.redis().xtrim("in", XTrimArgs.Builder.maxlen(0));
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker worker =
        TestWorker.start(
            manifest("{interval: 200ms, minIdle: 500ms}"), "w1", handler, redis.url())) {
      await().until(() -> traffic.redis().xlen("dlq") == 3);
      assertThatPayloadsAreRecordedAsLost(worker, handler);
    }
  }

  @Test
  void aWorkerThatComesBackRecordsItsPendingEntriesWhosePayloadWasDeleted() throws Exception {
    group.created();
    String[] ids = new String[3];
    for (int i = 0; i < 3; i++) {
      ids[i] = traffic.publish("in", "c");
    }
    group.deliverTo("w1", 3);
    traffic.redis().xdel("in", ids);
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker worker =
        TestWorker.start(manifest("{interval: 1h, minIdle: 1h}"), "w1", handler, redis.url())) {
      await().until(() -> traffic.redis().xlen("dlq") == 3);
      assertThatPayloadsAreRecordedAsLost(worker, handler);
    }
  }

  private void assertThatPayloadsAreRecordedAsLost(TestWorker worker, RecordingHandler handler) {
    assertThat(GroupView.entries(traffic, "dlq"))
        .allSatisfy(
            letter ->
                assertThat(letter)
                    .containsEntry("reason", "payload_lost")
                    .containsEntry("original_stream", "in")
                    .containsEntry("data", ""));
    await().until(() -> entries(worker, "claimed_deleted") == 3);
    assertThat(group.isEmpty()).isTrue();
    assertThat(handler.started()).isEmpty();
  }

  @Test
  void aHandlerMayTakeManyTimesMinIdleWithoutLosingItsEntry() throws Exception {
    AtomicLong highestCount = new AtomicLong();
    AtomicLong highestIdle = new AtomicLong();
    CountDownLatch mayEnd = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              mayEnd.await();
              return Handled.nothing();
            });
    String manifest = manifest("{interval: 200ms, minIdle: 1s, maxDeliveries: 2}");
    try (TestWorker one = TestWorker.start(manifest, "w1", handler, redis.url());
        TestWorker two = TestWorker.start(manifest, "w2", handler, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> handler.started().size() == 1);
      long began = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                GroupView.Row row = group.row();
                highestCount.accumulateAndGet(row.deliveries(), Math::max);
                highestIdle.accumulateAndGet(row.idleMillis(), Math::max);
                return System.nanoTime() - began > Duration.ofSeconds(4).toNanos();
              });
      mayEnd.countDown();
      await().until(group::isEmpty);

      assertThat(handler.started()).hasSize(1);
      assertThat(highestCount).hasValue(1);
      assertThat(highestIdle.get()).as("longest idle time seen, ms").isLessThan(1_000);
      assertThat(entries(one, "claimed") + entries(two, "claimed")).isZero();
      assertThat(traffic.redis().exists("dlq")).isZero();
    }
  }

  @Test
  void anEntryThatIsClaimedAwayInMidHandlingIsLetGo() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return Handled.nothing();
            });
    try (TestWorker worker =
        TestWorker.start(manifest("{interval: 1h, minIdle: 1s}"), "w1", handler, redis.url())) {
      String id = traffic.publish("in", "c");
      await().until(() -> handler.started().size() == 1);
      traffic.redis().xclaim("in", io.lettuce.core.Consumer.from("g", "somebody else"), 0, id);
      await().until(() -> interrupted.getCount() == 0);
      await().until(() -> entries(worker, "lost") == 1);
      // What would be acknowledged by mistake would go with the next acknowledgement at the latest.
      await().until(() -> handler.finished().size() == 1);
      assertThat(worker.drain()).isTrue();

      assertThat(group.row().consumer()).isEqualTo("somebody else");
      assertThat(entries(worker, "acked")).isZero();
    }
  }
}
