package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces tell what an entry is going through. */
class TracesTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {mode: None}, handler: {builtin: Discard}}
      retry: {maxAttempts: 3, initialBackoff: 1h, maxBackoff: 1h}
      workers: {drainTimeout: 1s}
      """;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private void publish(String trace) {
    traffic
        .redis()
        .xadd(
            "in",
            Map.of(
                "data",
                Traffic.text("{\"channel_id\":\"" + trace + "\"}"),
                "trace_id",
                Traffic.text(trace)));
  }

  private void awaitState(String trace, String state) {
    await()
        .untilAsserted(
            () ->
                assertThat(traffic.redis().hget("sg:trace:" + trace, "state"))
                    .asString()
                    .isEqualTo(state));
  }

  private boolean active(String trace) {
    return traffic.redis().sismember("sg:traces:active", Traffic.text(trace));
  }

  @Test
  void aTraceSaysWhatBecameOfItsEntry() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              mayEnd.await();
              return switch (message.channel()) {
                case "fails" -> throw new TransientFailure("not yet");
                case "never" -> throw new PermanentFailure("no");
                default -> Handled.nothing();
              };
            });
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      publish("works");
      publish("fails");
      publish("never");
      for (String trace : new String[] {"works", "fails", "never"}) {
        awaitState(trace, "CLAIMED");
        await().until(() -> active(trace));
      }
      mayEnd.countDown();

      awaitState("works", "COMPLETED");
      awaitState("fails", "ERRORED");
      awaitState("never", "DEAD_LETTERED");
      await().until(() -> !active("works") && !active("never"));
      assertThat(active("fails")).as("its entry is still to be tried again").isTrue();
      assertThat(traffic.redis().ttl("sg:trace:works"))
          .isBetween(Duration.ofHours(23).toSeconds(), Duration.ofHours(24).toSeconds());
      assertThat(worker.ready()).isTrue();
    }
  }
}
