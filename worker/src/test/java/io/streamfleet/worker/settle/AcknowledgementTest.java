package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was handled is acknowledged, many entries in one command. */
class AcknowledgementTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {mode: None}, handler: {builtin: Discard}}
      read: {maxInFlight: 1000, batchSize: 500}
      """;

  @Test
  void aBacklogIsAcknowledgedInBatches() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      for (int i = 0; i < 1_000; i++) {
        traffic.publish("in", "c");
      }
      GroupView group = new GroupView(traffic, "in", "g").created();
      try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
        await().until(() -> handler.finished().size() == 1_000 && group.isEmpty());
        await()
            .until(
                () ->
                    worker.metric("streamfleet_entries_acked_total", "stream", "in", "group", "g")
                        == 1_000);
      }
      assertThat(GroupView.calls(traffic, "xack")).isLessThan(200);
    }
  }

  /** Each entry that ends makes room for one: a call for each would cost more than all the rest. */
  @Test
  void aFullHouseIsReadAndAcknowledgedInFewCalls() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              long busy = ThreadLocalRandom.current().nextLong(2_000_000, 8_000_000);
              LockSupport.parkNanos(busy);
              return Handled.nothing();
            });
    String manifest = MANIFEST.replace("maxInFlight: 1000", "maxInFlight: 128");
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      for (int i = 0; i < 3_000; i++) {
        traffic.publish("in", "c");
      }
      GroupView group = new GroupView(traffic, "in", "g").created();
      try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
        await().until(() -> handler.finished().size() == 3_000 && group.isEmpty());
      }
      assertThat(GroupView.calls(traffic, "xreadgroup")).isLessThan(1_000);
      assertThat(GroupView.calls(traffic, "xack")).isLessThan(1_000);
    }
  }

  /** What few credits are left is used all the same, when nothing else comes back. */
  @Test
  void aFullHouseThatHangsIsFilledUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              end.await();
              return Handled.nothing();
            });
    String manifest = MANIFEST.replace("maxInFlight: 1000", "maxInFlight: 128");
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
      IntStream.range(0, 125).forEach(i -> traffic.publish("in", "c"));
      await().until(() -> handler.started().size() == 125);
      IntStream.range(0, 10).forEach(i -> traffic.publish("in", "c"));

      await().until(() -> handler.started().size() == 128);
      end.countDown();
      await().until(() -> handler.finished().size() == 135);
    }
  }
}
