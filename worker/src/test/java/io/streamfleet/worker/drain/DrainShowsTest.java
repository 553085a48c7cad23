package io.streamfleet.worker.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A drain may take as long as {@code drainTimeout}: who is not ready for it can be told apart. */
class DrainShowsTest {

  @AutoClose private final RedisServer redis = RedisServer.plain();
  @AutoClose private final Traffic traffic = new Traffic(redis.url());
  private final Gate gate = new Gate();

  @Test
  void aWorkerThatWasToldToEndShowsThatItDrains() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            });
    TestWorker worker =
        TestWorker.start(
            """
            redis: {url: "%s"}
            inbound: {streams: [in], group: g, handler: {builtin: Discard}}
            read: {block: 100ms}
            workers: {drainTimeout: 60s}
            """
                .formatted(redis.url()),
            "w1",
            handler,
            redis.url());
    try {
      traffic.publish("in", "c");
      await().until(() -> gate.reached() == 1);
      assertThat(worker.metric("streamfleet_draining")).isZero();

      CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> drain(worker));

      await().until(() -> worker.metric("streamfleet_draining") == 1);
      assertThat(worker.ready()).isFalse();
      gate.open();
      assertThat(drained.get()).isTrue();
    } finally {
      gate.open();
      worker.close();
    }
  }

  private static boolean drain(TestWorker worker) {
    try {
      return worker.drain();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
