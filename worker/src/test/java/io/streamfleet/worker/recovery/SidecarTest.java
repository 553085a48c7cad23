package io.streamfleet.worker.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker and its handler, each a process of its own, of which the handler dies in mid-call. */
@Timeout(120)
class SidecarTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");
  private Sidecar sidecar;

  @BeforeEach
  void begin() throws IOException {
    sidecar = Sidecar.in(folder);
  }

  @AfterEach
  void close() throws InterruptedException {
    sidecar.close();
    traffic.close();
    redis.close();
  }

  private WorkerProcess worker() throws IOException {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(
        file,
        """
        redis: {url: "%s"}
        inbound: {streams: [in], group: g, handler: {http: {url: "%s"}}}
        autoclaim: {interval: 1h, minIdle: 1h, maxDeliveries: 1}
        retry: {maxAttempts: 1, initialBackoff: 100ms, maxBackoff: 1s}
        deadLetter: {stream: dlq}
        workers: {drainTimeout: 1s}
        """
            .formatted(redis.url(), sidecar.url()));
    return WorkerProcess.start(
        folder,
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        List.of("-f", file.toString(), "--consumer", "w1", "--port", "0"));
  }

  private List<String> published(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(traffic.publish("in", "c" + i));
    }
    return ids;
  }

  private static List<String> lines(String what, List<String> ids) {
    return ids.stream().map(id -> what + " " + id).toList();
  }

  @Test
  void whatItHadInHandWhenItWasKilledIsHandledOnceItIsBack() throws Exception {
    sidecar.answersNobody();
    sidecar.starts();
    List<String> ids = published(30);
    try (WorkerProcess worker = worker()) {
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(sidecar.noted()).containsAll(lines("began", ids)));

      sidecar.isKilled();
      ids.addAll(published(10));
      sidecar.answersAgain();
      sidecar.starts();

      await().atMost(LONG).until(group::isEmpty);
      assertThat(worker.isAlive()).isTrue();
    }
    // An attempt each is all that they have: none was used up.
    assertThat(traffic.redis().exists("dlq")).isZero();
    assertThat(sidecar.noted().stream().filter(it -> it.startsWith("ended")))
        .containsExactlyInAnyOrderElementsOf(lines("ended", ids));
  }

  @Test
  void aMessageThatKillsItEachTimeDiesAloneHoweverOftenItIsRestarted() throws Exception {
    List<String> ids = published(10);
    String killer = traffic.publish("in", Map.of("channel_id", "k", "content", "halt"));
    ids.addAll(published(10));
    try (WorkerProcess worker = worker()) {
      await()
          .atMost(LONG)
          .until(
              () -> {
                if (!sidecar.isAlive()) {
                  sidecar.starts();
                }
                return traffic.redis().exists("dlq") == 1 && group.isEmpty();
              });
      assertThat(worker.isAlive()).isTrue();
    }
    assertThat(GroupView.entries(traffic, "dlq"))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter).containsEntry("original_msg_id", killer);
              // The first reason if nothing else was with the handler when it died for the last
              // time, which depends on how fast the others ended.
              assertThat(letter.get("reason")).isIn("killed_endpoint", "max_attempts");
            });
    assertThat(sidecar.noted()).containsAll(lines("ended", ids));
  }
}
