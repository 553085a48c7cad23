package io.streamfleet.worker.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker dies without a word; nothing of what it had in flight is lost. */
class DeadWorkerTest {

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private String manifest(String autoclaim) {
    return """
    redis: {url: "%s"}
    inbound:
      streams: [in]
      group: g
      ordering: {lockTtl: 1s}
      handler: {class: %s, options: {notes: "%s"}}
    autoclaim: %s
    retry: {maxAttempts: 2}
    deadLetter: {stream: dlq}
    """
        .formatted(redis.url(), NotedHandler.class.getName(), notes(), autoclaim);
  }

  private Path notes() {
    return folder.resolve("notes");
  }

  private WorkerProcess process(String manifest, String consumer) throws IOException {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(file, manifest);
    return WorkerProcess.start(
        folder,
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        List.of("-f", file.toString(), "--consumer", consumer, "--port", "0"));
  }

  /** Kills a worker that has begun to handle this one message. */
  private String killInMidHandling(String manifest, String consumer) throws Exception {
    try (WorkerProcess worker = process(manifest, consumer).awaitConsuming()) {
      String id = traffic.publish("in", Map.of("channel_id", "c", "do", "stay"));
      await().until(() -> !NotedHandler.read(notes()).isEmpty());
      worker.kill();
      return id;
    }
  }

  @Test
  void anotherWorkerTakesOverWhatWasInHand() throws Exception {
    String manifest = manifest("{interval: 300ms, minIdle: 1s}");
    String id = killInMidHandling(manifest, "w1");
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker other = TestWorker.start(manifest, "w2", handler, redis.url())) {
      // minIdle, an interval, the dead worker's lock, and what a busy machine takes.
      await().atMost(Duration.ofSeconds(5)).until(() -> handler.finished().size() == 1);

      assertThat(handler.finished().getFirst().id()).isEqualTo(id);
      assertThat(handler.finished().getFirst().attempt()).isEqualTo(2);
      await().until(group::isEmpty);
      assertThat(other.metric("streamfleet_entries_claimed_total", "stream", "in", "group", "g"))
          .isEqualTo(1);
    }
  }

  @Test
  void aWorkerThatComesBackUnderItsNameGoesOnAtOnceWithWhatItHadInHand() throws Exception {
    String manifest = manifest("{interval: 1h, minIdle: 1h}");
    String id = killInMidHandling(manifest, "w1");
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker again = TestWorker.start(manifest, "w1", handler, redis.url())) {
      await().until(() -> handler.finished().size() == 1);

      assertThat(handler.finished().getFirst().id()).isEqualTo(id);
      assertThat(handler.finished().getFirst().attempt()).isEqualTo(2);
      await().until(group::isEmpty);
      assertThat(again.metric("streamfleet_entries_claimed_total", "stream", "in", "group", "g"))
          .isZero();
    }
  }

  @Test
  void anEntryThatKillsItsWorkersEndsInTheDeadLetters() throws Exception {
    String manifest = manifest("{interval: 300ms, minIdle: 1s, maxDeliveries: 2}");
    String id;
    try (WorkerProcess first = process(manifest, "w1").awaitConsuming()) {
      id = traffic.publish("in", Map.of("channel_id", "c", "do", "die"));
      assertThat(first.awaitExit()).isEqualTo(137);
    }
    try (WorkerProcess second = process(manifest, "w1")) {
      assertThat(second.awaitExit()).isEqualTo(137);
    }
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker third = TestWorker.start(manifest, "w1", handler, redis.url())) {
      await().until(() -> traffic.redis().xlen("dlq") == 1);

      assertThat(GroupView.entries(traffic, "dlq").getFirst())
          .containsEntry("original_msg_id", id)
          .containsEntry("reason", "max_deliveries")
          .containsEntry("attempt", "3");
      assertThat(handler.started()).isEmpty();
      assertThat(group.isEmpty()).isTrue();
      assertThat(third.ready()).isTrue();
    }
    assertThat(NotedHandler.read(notes()))
        .containsExactly("began " + id + " attempt 1", "began " + id + " attempt 2");
  }
}
