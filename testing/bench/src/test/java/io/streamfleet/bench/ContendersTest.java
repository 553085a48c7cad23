package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.bench.Observer.Counters;
import io.streamfleet.bench.Observer.Progress;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContendersTest {

  private static final String STREAM = "bench:contenders";
  private static final Path PEERS =
      Path.of(System.getProperty("repository.root"), "testing/peers/target/streamfleet-peers.jar");
  private static final Duration A_WHILE = Duration.ofSeconds(30);

  private final RedisServer server = RedisServer.plain();
  private final StringWriter progress = new StringWriter();
  private final Messages messages = new Messages(10);

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = lab(PEERS);
  }

  @AfterEach
  void close() {
    lab.redis().close();
    server.close();
  }

  private Lab lab(Path peers) {
    return new Lab(
        new Observer(server.url()),
        true,
        folder,
        List.of("-Xmx128m", "-XX:+UseSerialGC"),
        List.of(),
        folder.resolve("no.jar"),
        peers,
        new PrintWriter(progress, true));
  }

  @Test
  void aLapIsOverTheLastEntriesOfALongerStream() throws Exception {
    Contender worker = new WorkerContender();
    worker.fill(lab, STREAM, messages, 3_000);

    Lap lap = Lap.run(lab, worker, Work.discarding(STREAM, true), messages, 1_000, 1);

    assertThat(lap.entries()).isEqualTo(1_000);
    assertThat(worker.progress(lab, STREAM)).isEqualTo(new Progress(3_000, 0));
  }

  @Test
  void aLapThatWouldTakeTooLongIsCutOff() throws Exception {
    Work slow = Work.of(STREAM, true, new Work.Wait(Duration.ofMillis(20)));

    Lap lap =
        Lap.run(lab, new WorkerContender(), slow, messages, 10_000, 1, Duration.ofMillis(500));

    assertThat(lap.entries()).isBetween(10L, 9_999L);
    assertThat(lap.perSecond()).isPositive();
  }

  @Test
  void aLapThatIsOverBeforeItIsMeasuredHasNoRate() {
    Lap lap = new Lap(10, Double.POSITIVE_INFINITY, 1, 1, 10, new Counters(0, Map.of()));

    assertThatThrownBy(lap::timed).hasMessageContaining("all 10 entries", "--entries");
  }

  @Test
  void everyPeerGoesThroughAStreamWithTwoWorkers() throws Exception {
    for (Contender peer : peers()) {
      Lap lap = Lap.run(lab, peer, Work.discarding(STREAM, false), messages, 2_000, 2);

      assertThat(lap.entries()).as(peer.name()).isEqualTo(2_000);
      // Each of them acknowledges one by one; at its edges a lap may count fewer.
      assertThat(lap.commandsPerEntry()).as(peer.name()).isGreaterThan(0.5);
      assertThat(peer.progress(lab, STREAM).pending()).as(peer.name()).isZero();
      peer.clear(lab, STREAM);
    }
  }

  @Test
  void everyPeerRecordsWhatIsPublishedToIt() throws Exception {
    for (Contender peer : peers()) {
      Path file = folder.resolve("histogram");
      peer.fill(lab, STREAM, messages, 0);
      try (Child child = peer.start(lab, Work.of(STREAM, false, new Work.Timed(file)), "timed")) {
        Publisher publisher = peer.publisher(lab, STREAM, messages, 1_000);
        publisher.publish(Duration.ofMillis(100), false);
        assertThat(publisher.publish(Duration.ofMillis(300), true)).isEqualTo(400);
        await().atMost(A_WHILE).until(() -> peer.progress(lab, STREAM).acknowledged() == 400);
        child.terminate();
      }

      assertThat(Stopwatch.read(file).getTotalCount()).as(peer.name()).isEqualTo(300);
      peer.clear(lab, STREAM);
    }
  }

  @Test
  void aKilledWorkersJobsOfAQueueAreTakenOver() throws Exception {
    Contender queue = bullmq();
    Work work =
        Work.of(STREAM, false, new Work.Wait(Duration.ofMillis(50)))
            .withMinIdle(Duration.ofSeconds(1));
    queue.fill(lab, STREAM, messages, 300);
    try (Child killed = queue.start(lab, work, "killed")) {
      await().atMost(A_WHILE).until(() -> queue.progress(lab, STREAM).pending() > 0);
      killed.close();
    }
    assertThat(queue.progress(lab, STREAM).acknowledged()).isLessThan(300);

    try (Child other = queue.start(lab, work, "other")) {
      await().atMost(A_WHILE).until(() -> queue.progress(lab, STREAM).acknowledged() == 300);
      other.terminate();
    }
    queue.clear(lab, STREAM);
  }

  @Test
  void aQueueTakesNoOrderedWork() throws Exception {
    assertThat(bullmq().takes(Work.discarding(STREAM, true))).isFalse();
    assertThat(bullmq().takes(Work.discarding(STREAM, false))).isTrue();
  }

  @Test
  void saysWhenThereAreNoPeers() throws Exception {
    assertThat(Contenders.peers(lab(folder.resolve("none.jar")))).isEmpty();
    assertThat(progress.toString()).contains("none.jar", "build testing/peers");
  }

  @Test
  void theLockFileNamesNoRegistry() throws IOException {
    String lock =
        Files.readString(
            Path.of(
                System.getProperty("repository.root"),
                "testing/peers/src/main/bullmq/package-lock.json"));

    assertThat(lock).contains("\"bullmq\"").doesNotContain("\"resolved\"");
  }

  private List<Contender> peers() throws IOException, InterruptedException {
    assertThat(PEERS).as("the peers' jar is made by the phase package").exists();
    return Contenders.peers(lab);
  }

  private Contender bullmq() throws IOException, InterruptedException {
    List<Contender> queues = peers().stream().filter(it -> it instanceof BullmqContender).toList();
    if (queues.isEmpty()) {
      assertThat(progress.toString()).contains("BullMQ is left out");
    }
    assumeThat(queues).as("%s", progress).isNotEmpty();
    return queues.getFirst();
  }
}
