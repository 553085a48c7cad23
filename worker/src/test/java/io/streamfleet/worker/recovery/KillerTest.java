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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A message that kills its worker dies alone, whoever was with handlers beside it. */
@Timeout(120)
class KillerTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private WorkerProcess worker(String ordering, int maxDeliveries) throws IOException {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(
        file,
        """
        redis: {url: "%s"}
        inbound:
          streams: [in]
          group: g
          ordering: %s
          handler: {class: %s, options: {notes: "%s"}}
        autoclaim: {interval: 1h, minIdle: 1h, maxDeliveries: %d}
        retry: {maxAttempts: 1}
        deadLetter: {stream: dlq}
        workers: {drainTimeout: 1s}
        """
            .formatted(
                redis.url(), ordering, KillingHandler.class.getName(), notes(), maxDeliveries));
    return WorkerProcess.start(
        folder,
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        List.of(
            "-f",
            file.toString(),
            "--consumer",
            "w1",
            "--port",
            "0",
            "--state-dir",
            folder.resolve("state").toString()));
  }

  private Path notes() {
    return folder.resolve("notes");
  }

  private List<String> noted() throws IOException {
    return Files.exists(notes()) ? Files.readAllLines(notes()) : List.of();
  }

  /** Starts the worker again whenever it has died, until all is settled. */
  private void workUntilAllIsSettled(String ordering, int maxDeliveries) throws Exception {
    while (true) {
      try (WorkerProcess life = worker(ordering, maxDeliveries)) {
        await().atMost(LONG).until(() -> !life.isAlive() || isSettled());
        if (life.isAlive()) {
          life.terminate();
          assertThat(life.awaitExit()).isZero();
          return;
        }
      }
    }
  }

  private boolean isSettled() {
    return traffic.redis().exists("dlq") == 1 && group.isEmpty();
  }

  private void oneIsDead(String killer, int innocents) throws IOException {
    assertThat(GroupView.entries(traffic, "dlq"))
        .singleElement()
        .satisfies(
            letter ->
                assertThat(letter)
                    .containsAllEntriesOf(
                        Map.of("original_msg_id", killer, "reason", "killed_worker")));
    assertThat(noted().stream().filter(it -> it.startsWith("ended")))
        .hasSize(innocents)
        .allMatch(it -> it.endsWith("attempt 1"));
    assertThat(traffic.redis().exists("in:suspects:g")).isZero();
  }

  @Test
  void amongTwoHundredThatAreBegunItIsFoundWithinFourDeathsAndDiesAfterThreeAlone()
      throws Exception {
    for (int i = 0; i < 100; i++) {
      traffic.publish("in", "c" + i);
    }
    String killer = traffic.publish("in", Map.of("channel_id", "k", "do", "halt"));
    for (int i = 100; i < 200; i++) {
      traffic.publish("in", "c" + i);
    }

    workUntilAllIsSettled("{mode: None}", 3);

    oneIsDead(killer, 200);
    assertThat(noted().stream().filter("killed"::equals)).hasSizeLessThanOrEqualTo(4 + 3);
  }

  @Test
  void oneThatEndsTheProcessItselfTakesNothingAlongThatWaitsBehindItInItsChannelOrElsewhere()
      throws Exception {
    String killer = traffic.publish("in", Map.of("channel_id", "c0", "do", "exit"));
    for (int i = 0; i < 10; i++) {
      traffic.publish("in", "c" + i % 2);
    }

    workUntilAllIsSettled("{lockTtl: 1s}", 1);

    oneIsDead(killer, 10);
  }
}
