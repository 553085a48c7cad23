package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.SetArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The lock is held by a worker of the original: its value is a bare UUID. */
class ForeignHolderTest {

  private static final String LOCK = "sg:lock:channel:theirs";
  private static final byte[] PYTHON = Traffic.text("2f1e7a52-8b6e-4d57-9d63-0b4f3a2f1c11");

  @Test
  void parksEntriesOutsideTheCreditsAndHandlesThemInOrderAfterwards() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    String manifest =
        QuickManifest.calm().with("read", "{block: 100ms, batchSize: 5, maxInFlight: 5}").text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      traffic.redis().set(LOCK, PYTHON);
      try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
        IntStream.range(0, 40).forEach(i -> traffic.publish("in", "theirs"));
        IntStream.range(0, 100).forEach(i -> traffic.publish("in", "ours"));

        await().until(() -> handler.numbers("ours").size() == 100);
        await().until(() -> parked(worker) == 40);
        assertThat(handler.numbers("theirs")).isEmpty();
        assertThat(traffic.redis().get(LOCK)).isEqualTo(PYTHON);

        traffic.redis().del(LOCK);
        await().until(() -> handler.numbers("theirs").size() == 40);
        assertThat(handler.numbers("theirs"))
            .containsExactlyElementsOf(LongStream.range(0, 40).boxed().toList());
        await().until(() -> traffic.pending("in", "g") == 0);
        assertThat(parked(worker)).isZero();
      }
    }
  }

  @Test
  void handlesParkedEntriesWhenTheForeignLockExpires() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      traffic.redis().set(LOCK, PYTHON, SetArgs.Builder.px(1_000));
      try (TestWorker worker =
          TestWorker.start(QuickManifest.calm().text(), "w1", handler, redis.url())) {
        IntStream.range(0, 10).forEach(i -> traffic.publish("in", "theirs"));
        await().until(() -> parked(worker) == 10);
        assertThat(traffic.redis().get(LOCK)).isEqualTo(PYTHON);

        await().until(() -> handler.numbers("theirs").size() == 10);
        assertThat(handler.numbers("theirs"))
            .containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
      }
    }
  }

  /** Parked entries are renewed like those in flight: nobody claims them from a living worker. */
  @Test
  void keepsParkedEntriesItsOwn() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    String manifest = QuickManifest.hasty().text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      traffic.redis().set(LOCK, PYTHON);
      try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
        IntStream.range(0, 20).forEach(i -> traffic.publish("in", "theirs"));
        await().until(() -> parked(worker) == 20);
        // It sweeps six times and more while the entries of the first are parked past minIdle.
        try (TestWorker other =
            TestWorker.start(manifest, "w2", RecordingHandler.instant(), redis.url())) {
          traffic.redis().set("waited", PYTHON, SetArgs.Builder.px(2_500));
          await().until(() -> traffic.redis().exists("waited") == 0);
          assertThat(
                  other.metric("streamfleet_entries_claimed_total", "stream", "in", "group", "g"))
              .isZero();
        }
        traffic.redis().del(LOCK);
        await().until(() -> handler.numbers("theirs").size() == 20);
      }
    }
  }

  /** The original's workers ask for a lock every now and then, and must get their turn. */
  @Test
  void letsAWorkerThatPollsHaveItsTurn() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
              return Handled.nothing();
            });
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker =
            TestWorker.start(QuickManifest.calm().text(), "w1", handler, redis.url())) {
      IntStream.range(0, 20_000).forEach(i -> traffic.publish("in", "theirs"));
      await().until(() -> !handler.finished().isEmpty());

      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  "OK".equals(traffic.redis().set(LOCK, PYTHON, SetArgs.Builder.nx().px(60_000))));
      List<RecordingHandler.Call> before = handler.started();
      assertThat(before).hasSizeLessThan(20_000);
      assertThat(handler.finished()).hasSameSizeAs(before);
      await().until(() -> parked(worker) > 200);
      assertThat(handler.started()).hasSameSizeAs(before);
      assertThat(traffic.redis().get(LOCK)).isEqualTo(PYTHON);

      traffic.redis().del(LOCK);
      await().until(() -> handler.finished().size() > before.size() + 300);
      assertThat(handler.numbers("theirs"))
          .startsWith(LongStream.range(0, before.size() + 300).boxed().toArray(Long[]::new));
      assertThat(handler.overlaps()).isEmpty();
    }
  }

  private static double parked(TestWorker worker) {
    return worker.metric("streamfleet_parked", "loop", "inbound");
  }
}
