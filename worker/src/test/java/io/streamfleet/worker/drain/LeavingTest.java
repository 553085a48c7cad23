package io.streamfleet.worker.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An idle worker leaves at once, whatever its connections have been through. */
class LeavingTest {

  private static final Duration LONG_BEFORE_THE_BLOCK_ENDS = Duration.ofSeconds(15);

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, handler: {builtin: Discard}}
      read: {block: 60s}
      workers: {drainTimeout: 30s}
      """;

  private final RecordingHandler handler = RecordingHandler.instant();

  private static Duration drained(TestWorker worker) throws Exception {
    long asked = System.nanoTime();
    assertThat(worker.drain()).isTrue();
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  @Test
  void afterItsConnectionsWereMadeAgain() throws Exception {
    try (RedisServer redis = RedisServer.plain();
        FaultyLink link = FaultyLink.to(redis);
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, link.url())) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 1);
      link.cut();
      link.restore();
      traffic.publish("in", "c");
      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 2);
      await().until(() -> traffic.pending("in", "g") == 0);

      assertThat(drained(worker)).isLessThan(LONG_BEFORE_THE_BLOCK_ENDS);
      assertThat(traffic.redis().xinfoConsumers("in", "g")).isEmpty();
    }
  }

  @Test
  void inACluster() throws Exception {
    try (RedisCluster cluster = RedisCluster.start();
        TestWorker worker =
            TestWorker.start(
                MANIFEST,
                "w1",
                handler,
                new RedisSettings(
                    cluster.url(),
                    true,
                    false,
                    Duration.ofSeconds(5),
                    () -> Credentials.NONE,
                    true,
                    "test"))) {
      assertThat(drained(worker)).isLessThan(LONG_BEFORE_THE_BLOCK_ENDS);
    }
  }
}
