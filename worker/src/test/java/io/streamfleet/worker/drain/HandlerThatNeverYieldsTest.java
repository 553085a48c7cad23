package io.streamfleet.worker.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Probe;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import io.streamfleet.worker.recovery.NotedHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handler that computes without end on the only carrier of virtual threads that there is. */
class HandlerThatNeverYieldsTest {

  private static final List<String> ONE_CARRIER =
      List.of(
          "-Xmx128m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  @TempDir private Path folder;

  @Test
  void theWorkerAnswersItsProbesAndEndsWhenItIsTold() throws Exception {
    Path notes = folder.resolve("notes");
    Path manifest = folder.resolve("manifest.yaml");
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      Files.writeString(
          manifest,
          """
          redis: {url: "%s", commandTimeout: 2s}
          inbound: {streams: [in], group: g, handler: {class: %s, options: {notes: "%s"}}}
          workers: {drainTimeout: 1s}
          """
              .formatted(redis.url(), NotedHandler.class.getName(), notes));
      GroupView group = new GroupView(traffic, "in", "g");
      try (WorkerProcess worker =
          WorkerProcess.start(
                  folder,
                  ONE_CARRIER,
                  List.of("-f", manifest.toString(), "--consumer", "w1", "--port", "0"))
              .awaitConsuming()) {
        int port = worker.port();
        traffic.publish("in", Map.of("channel_id", "c", "do", "spin"));
        await().until(() -> !NotedHandler.read(notes).isEmpty());

        await().until(() -> Probe.status(port, "/healthz") == 200);
        await().until(() -> Probe.status(port, "/readyz") == 200);
        assertThat(Probe.metrics(port)).contains("streamfleet_ready 1.0");

        worker.terminate();
        assertThat(worker.awaitExit()).isEqualTo(1);
      }
      assertThat(group.row().idleMillis()).as("another's at once").isGreaterThan(60_000);
      assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
    }
  }
}
