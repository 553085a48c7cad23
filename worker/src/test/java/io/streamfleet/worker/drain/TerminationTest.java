package io.streamfleet.worker.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import io.streamfleet.worker.recovery.NotedHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to a worker that is a process. */
class TerminationTest {

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private String manifest(String drainTimeout) {
    return """
    redis: {url: "%s", commandTimeout: 2s}
    inbound: {streams: [in], group: g, handler: {class: %s, options: {notes: "%s"}}}
    autoclaim: {interval: 1h, minIdle: 1h}
    read: {block: 60s}
    workers: {drainTimeout: %s}
    """
        .formatted(redis.url(), NotedHandler.class.getName(), notes(), drainTimeout);
  }

  private Path notes() {
    return folder.resolve("notes");
  }

  private WorkerProcess start(String manifest) throws IOException {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(file, manifest);
    return WorkerProcess.start(
            folder,
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            List.of("-f", file.toString(), "--consumer", "w1", "--port", "0"))
        .awaitConsuming();
  }

  private void awaitBegun() {
    await().until(() -> !NotedHandler.read(notes()).isEmpty());
  }

  @Test
  void handlersThatEndWithinTheGracePeriodAreSettled() throws Exception {
    try (WorkerProcess worker = start(manifest("20s"))) {
      traffic.publish("in", Map.of("channel_id", "c", "do", "stay 700"));
      awaitBegun();
      worker.terminate();

      assertThat(worker.awaitExit()).isZero();
    }
    assertThat(NotedHandler.read(notes())).hasSize(2).last().asString().startsWith("ended ");
    assertThat(group.isEmpty()).isTrue();
    assertThat(group.consumers()).isEmpty();
    assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
  }

  @Test
  void interruptedEntriesAreClaimableAtOnceWithTheirCount() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    try (WorkerProcess worker = start(manifest("500ms"));
        TestWorker peer = TestWorker.start(manifest("1s"), "w2", handler, redis.url())) {
      // Who reads it is not known, so there is one for each: the peer handles its own at once.
      while (NotedHandler.read(notes()).isEmpty()) {
        int handled = handler.finished().size();
        traffic.publish("in", Map.of("channel_id", "c", "do", "stay"));
        await()
            .until(
                () -> handler.finished().size() > handled || !NotedHandler.read(notes()).isEmpty());
      }
      int before = handler.finished().size();
      assertThat(group.row().deliveries()).isEqualTo(1);
      worker.terminate();
      assertThat(worker.awaitExit()).isEqualTo(1);

      // The peer's own sweep is an hour away: it was told.
      await().until(() -> handler.finished().size() == before + 1 && group.isEmpty());
      assertThat(handler.finished().getLast().attempt()).isEqualTo(2);
      assertThat(peer.ready()).isTrue();
    }
    assertThat(NotedHandler.read(notes())).hasSize(1);
  }

  @Test
  void entriesLeftBehindAreIdleAndKeepTheirCountAndConsumer() throws Exception {
    try (WorkerProcess worker = start(manifest("500ms"))) {
      traffic.publish("in", Map.of("channel_id", "c", "do", "stay"));
      traffic.publish("in", Map.of("channel_id", "c"));
      awaitBegun();
      worker.terminate();
      assertThat(worker.awaitExit()).isEqualTo(1);
    }
    assertThat(group.rows())
        .hasSize(2)
        .allSatisfy(
            row -> assertThat(row.idleMillis()).isGreaterThan(Duration.ofHours(1).toMillis()));
    assertThat(group.rows())
        .as("who was tried, and who was not: the next delivery is counted by who claims")
        .extracting(GroupView.Row::deliveries)
        .containsExactly(1L, 0L);
    assertThat(group.consumers()).containsExactly("w1");
    assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
  }

  @Test
  void anIdleWorkerLeavesLongBeforeItsBlockingReadWouldEnd() throws Exception {
    try (WorkerProcess worker = start(manifest("30s"))) {
      traffic.publish("in", "c");
      await().until(() -> NotedHandler.read(notes()).size() == 2 && group.isEmpty());
      long asked = System.nanoTime();
      worker.terminate();
      assertThat(worker.awaitExit()).isZero();

      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(15));
    }
    assertThat(group.consumers()).isEmpty();
  }

  @Test
  void aWorkerThatCannotReachRedisEndsAllTheSame() throws Exception {
    try (WorkerProcess worker = start(manifest("2s"))) {
      traffic.publish("in", Map.of("channel_id", "c", "do", "stay 1000"));
      awaitBegun();
      redis.pause();
      worker.terminate();
      assertThat(worker.awaitExit()).isEqualTo(1);
    } finally {
      redis.resume();
    }
    assertThat(NotedHandler.read(notes())).as("the handler was let end").hasSize(2);
  }

  @Test
  void aWorkerThatStillWaitsForRedisEndsAtOnce() throws Exception {
    redis.stop();
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(file, manifest("30s"));
    try (WorkerProcess worker =
        WorkerProcess.start(
            folder, List.of(), List.of("-f", file.toString(), "--consumer", "w1", "--port", "0"))) {
      await().atMost(Duration.ofSeconds(20)).until(() -> worker.log().contains("cannot start yet"));
      worker.terminate();
      assertThat(worker.awaitExit()).isZero();
    }
    redis.start();
  }
}
