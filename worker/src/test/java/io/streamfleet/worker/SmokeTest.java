package io.streamfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One worker, one stream, all well. */
class SmokeTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, handler: {builtin: Discard}}
      deadLetter: {stream: dlq}
      """;

  @Test
  void handlesEveryMessageInTheOrderOfItsChannelAndLeavesNothingBehind() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
        for (int i = 0; i < 300; i++) {
          traffic.publish("in", "c" + i % 3);
        }
        await().until(() -> handler.finished().size() == 300);
        await().until(() -> traffic.pending("in", "g") == 0);
        assertThat(worker.drain()).isTrue();
      }
      assertThat(handler.numbers("c1"))
          .containsExactlyElementsOf(LongStream.range(0, 100).map(i -> 3 * i + 1).boxed().toList());
      assertThat(handler.overlaps()).isEmpty();
      assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
      assertThat(traffic.redis().xinfoConsumers("in", "g")).isEmpty();
    }
  }
}
