package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A key that is no stream keeps the entries of its own stream waiting, and nobody else's. */
class GroupsAtStartTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [a, b, c], group: g, handler: {builtin: Discard}}
      read: {block: 100ms}
      """;

  private final RecordingHandler handler = RecordingHandler.instant();
  @AutoClose private final RedisServer redis = RedisServer.plain();
  @AutoClose private final Traffic traffic = new Traffic(redis.url());

  @Test
  void theOthersAreReadAndTheWorkerIsReadyOnceTheKeyIsFree() throws Exception {
    traffic.redis().set("b", Traffic.text("no stream"));
    try (TestWorker worker =
        TestWorker.launch(MANIFEST, "w1", handler, RedisSettings.plain(redis.url()))) {
      traffic.publish("a", "x");
      traffic.publish("c", "x");
      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 2);
      await().until(() -> !worker.ready());

      traffic.redis().del("b");
      traffic.publish("b", "x");

      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 3);
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
    }
  }

  /** A roll-out that saw it ready for a moment would end the workers before it. */
  @Test
  void aWorkerThatCannotReadOneOfItsStreamsIsReadyAtNoTime() throws Exception {
    traffic.redis().set("b", Traffic.text("no stream"));
    traffic.publish("a", "x");
    try (TestWorker worker =
        TestWorker.launch(MANIFEST, "w1", handler, RedisSettings.plain(redis.url()))) {
      boolean wasReady = false;
      while (handler.finished().isEmpty() && !worker.ended()) {
        wasReady |= worker.ready();
        Thread.onSpinWait();
      }

      assertThat(wasReady).isFalse();
      assertThat(worker.health().readinessProblems().toString()).contains("cannot read b");
    }
  }

  @Test
  void whereNoStreamCanBeReadTheWorkerWaits() throws Exception {
    for (String stream : new String[] {"a", "b", "c"}) {
      traffic.redis().set(stream, Traffic.text("no stream"));
    }
    try (TestWorker worker =
        TestWorker.launch(MANIFEST, "w1", handler, RedisSettings.plain(redis.url()))) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> worker.metric("streamfleet_redis_errors_total", "operation", "connect") >= 2);
      assertThat(worker.ready()).isFalse();
      traffic.redis().del("a", "b", "c");
      traffic.publish("a", "x");

      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 1);
    }
  }
}
