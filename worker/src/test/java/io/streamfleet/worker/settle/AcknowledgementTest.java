package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
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
}
