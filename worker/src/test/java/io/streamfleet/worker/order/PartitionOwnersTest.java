package io.streamfleet.worker.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import io.streamfleet.worker.partition.Partitions;
import io.streamfleet.worker.recovery.NotedHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner of partitions dies, stands still or hangs; another worker goes on, in order. */
class PartitionOwnersTest {

  private static final Partitions FOUR = new Partitions("in", 4);
  private static final int CHANNELS = 8;

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final PayloadWriter writer = new PayloadWriter();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final Map<String, String> channels = new HashMap<>();
  private int published;

  @AfterEach
  void close() throws Exception {
    for (WorkerProcess worker : workers) {
      worker.close();
    }
    traffic.close();
    redis.close();
  }

  @Test
  void whatADeadOwnerHadIsHandledByTheOthersInOrder() throws Exception {
    WorkerProcess first = start("w1");
    start("w2");
    await()
        .until(() -> traffic.redis().keys("in:*:lease:g").stream().anyMatch(it -> isOf(it, "w2")));
    publish(80, "stay 200");
    await().until(() -> ended().size() > 10);

    first.kill();
    publish(16, "");

    await().atMost(Duration.ofSeconds(20)).until(this::isAllSettled);
    theOrderIsKept();
    assertThat(traffic.redis().exists("dlq")).isZero();
  }

  /** It goes on with what it had begun, and can neither settle that nor begin with the next. */
  @Test
  void anOwnerThatStoodStillBeginsAndSettlesNothingWhenItGoesOn() throws Exception {
    WorkerProcess first = start("w1");
    String id = publish("c0", "insist 3000");
    String next = publish("c0", "");
    await().until(() -> began().size() == 1);
    first.signal("STOP");
    start("w2");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(ids(began())).containsExactly(id, id, next));
    String stream = FOUR.streamOf(FOUR.of("c0"));
    await().until(() -> traffic.pending(stream, "g") == 0);

    first.signal("CONT");

    await().until(() -> ended().size() == 3);
    assertThat(ids(ended())).containsExactly(id, next, id);
    await()
        .until(() -> traffic.redis().keys("in:*:lease:g").stream().anyMatch(it -> isOf(it, "w1")));
    assertThat(ids(began())).containsExactly(id, id, next);
    assertThat(traffic.redis().exists("dlq")).isZero();
  }

  @Test
  void aHandlerThatHangsKeepsItsPartitionNoLongerThanTheDrainTimeout() throws Exception {
    start("w1");
    for (int i = 0; i < CHANNELS; i++) {
      publish("c" + i, "insist 60000");
    }
    await().until(() -> began().size() == CHANNELS);

    start("w2");

    // Half of the partitions are another's now, whose entries it begins with.
    await()
        .atMost(Duration.ofSeconds(12))
        .until(() -> traffic.redis().keys("in:*:lease:g").stream().anyMatch(it -> isOf(it, "w2")));
    await().until(() -> began().stream().anyMatch(line -> line.attempt() == 2));
  }

  private boolean isOf(String lease, String consumer) {
    return new String(traffic.redis().hget(lease, "owner"), UTF_8).equals(consumer);
  }

  private static List<String> ids(List<NotedHandlerLine> lines) {
    return lines.stream().map(NotedHandlerLine::id).toList();
  }

  private WorkerProcess start(String consumer) throws IOException {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(
        file,
        """
        redis: {url: "%s"}
        inbound:
          streams: [in]
          group: g
          partitions: {count: 4}
          ordering: {lockTtl: 2s}
          handler: {class: %s, options: {notes: "%s"}}
        deadLetter: {stream: dlq}
        workers: {drainTimeout: 1s}
        """
            .formatted(redis.url(), NotedHandler.class.getName(), notes()));
    WorkerProcess worker =
        WorkerProcess.start(
            folder,
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            List.of("-f", file.toString(), "--consumer", consumer, "--port", "0"));
    workers.add(worker);
    return worker.awaitConsuming();
  }

  private void publish(int count, String what) {
    for (int i = 0; i < count; i++) {
      publish("c" + published % CHANNELS, what);
    }
  }

  /** Ids are told apart in all partitions. */
  private String publish(String channel, String what) {
    String id = ++published + "-1";
    channels.put(id, channel);
    byte[] data = writer.write(Map.of("channel_id", channel, "do", what));
    return traffic
        .redis()
        .xadd(
            FOUR.streamOf(FOUR.of(channel)),
            XAddArgs.Builder.maxlen(100_000).id(id),
            Map.of("data", data));
  }

  private Path notes() {
    return folder.resolve("notes");
  }

  /** A line of the handlers' notes. */
  private record NotedHandlerLine(String what, String id, int attempt) {

    int number() {
      return Integer.parseInt(id.split("-", 2)[0]);
    }
  }

  private List<NotedHandlerLine> lines(String what) throws IOException {
    return NotedHandler.read(notes()).stream()
        .map(line -> line.split(" ", -1))
        .map(words -> new NotedHandlerLine(words[0], words[1], Integer.parseInt(words[3])))
        .filter(line -> line.what().equals(what))
        .toList();
  }

  private List<NotedHandlerLine> began() throws IOException {
    return lines("began");
  }

  private List<NotedHandlerLine> ended() throws IOException {
    return lines("ended");
  }

  private boolean isAllSettled() throws IOException {
    return ended().stream().map(NotedHandlerLine::id).distinct().count() == published
        && FOUR.streams().stream().allMatch(stream -> traffic.pending(stream, "g") == 0);
  }

  /**
   * Each channel's entries are begun in order, and once more in order from where its owner died.
   */
  private void theOrderIsKept() throws IOException {
    Map<String, List<Integer>> byChannel = new HashMap<>();
    for (NotedHandlerLine line : began()) {
      byChannel
          .computeIfAbsent(String.valueOf(channels.get(line.id())), _ -> new ArrayList<>())
          .add(line.number());
    }
    byChannel.forEach(
        (channel, numbers) -> {
          int steps = 0;
          for (int i = 1; i < numbers.size(); i++) {
            steps += numbers.get(i) <= numbers.get(i - 1) ? 1 : 0;
          }
          assertThat(steps).as(channel + " " + numbers).isLessThanOrEqualTo(1);
          assertThat(numbers.stream().distinct().toList()).as(channel).isSorted();
        });
  }
}
