package io.streamfleet.worker.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Partitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that share partitions, of which one moves the entries of the plain stream there. */
class SplitFleetTest {

  private static final Partitions EIGHT = new Partitions("in", 8);
  private static final int CHANNELS = 20;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final List<TestWorker> fleet = new ArrayList<>();
  private final RecordingHandler handler = new RecordingHandler(_ -> Handled.nothing());
  private int published;

  @AfterEach
  void stop() throws Exception {
    for (TestWorker worker : fleet) {
      worker.close();
    }
    traffic.close();
    redis.close();
  }

  @Test
  void handleWhatOrdinaryPublishersPublishInTheOrderOfItsChannel() throws Exception {
    publish(1_000);
    start("w0");
    start("w1");
    await().until(() -> handler.finished().size() > 100);
    publish(1_000);
    start("w2");

    // Whoever splits, another one goes on.
    TestWorker splitting = theSplitter();
    splitting.drain();
    fleet.remove(splitting);
    splitting.close();
    publish(1_000);
    await().untilAsserted(() -> assertThat(theSplitter()).isNotSameAs(splitting));
    await().atMost(Duration.ofSeconds(40)).until(this::isAllSettled);

    assertThat(handler.overlaps()).isEmpty();
    assertThat(handler.started()).extracting(Call::number).doesNotHaveDuplicates().hasSize(3_000);
    theOrderIsKept();
    assertThat(traffic.redis().exists("dlq")).isZero();
  }

  /** Publishers don't, and the plain stream stays as it is. Redis trims whole nodes of a stream. */
  @Test
  void trimThePartitionsThatTheyFill() throws Exception {
    start("w0");
    publish(2_000);

    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                isAllSettled()
                    && EIGHT.streams().stream().mapToLong(traffic.redis()::xlen).sum() < 1_000);

    assertThat(traffic.redis().xlen("in")).isEqualTo(2_000);
    TestWorker worker = fleet.getFirst();
    assertThat(worker.metric("streamfleet_entries_split_total", "stream", "in", "group", "g"))
        .isEqualTo(2_000);
    await()
        .untilAsserted(
            () ->
                assertThat(worker.metric("streamfleet_group_lag", "stream", "in", "group", "g"))
                    .isZero());
  }

  /** It can't be split, and is ready again by itself when it can. */
  @Test
  void areNotReadyWhileThePlainStreamCannotBeRead() throws Exception {
    TestWorker worker = start("w0");
    publish(10);
    await().until(this::isAllSettled);

    traffic.redis().del("in");
    traffic.redis().hset("in", "a", Traffic.text("b"));
    await()
        .until(
            () ->
                String.join(";", worker.health().readinessProblems())
                    .contains("stream in can't be split"));

    traffic.redis().del("in");
    publish(10);
    await().atMost(Duration.ofSeconds(20)).until(this::isAllSettled);
    await().until(worker::ready);
  }

  private TestWorker theSplitter() {
    return await()
        .until(
            () -> fleet.stream().filter(SplitFleetTest::splits).toList(), them -> them.size() == 1)
        .getFirst();
  }

  private static boolean splits(TestWorker worker) {
    return worker.metric("streamfleet_splitter_active", "stream", "in", "group", "g") == 1;
  }

  private TestWorker start(String name) throws Exception {
    String manifest =
        QuickManifest.calm()
            .with(
                "inbound",
                "{streams: [in], group: g, partitions: {count: 8, from: Splitter},"
                    + " ordering: {lockTtl: 20s}, handler: {builtin: Discard}}")
            .text();
    TestWorker worker = TestWorker.start(manifest, name, handler, redis.url());
    fleet.add(worker);
    return worker;
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      traffic.publish("in", "c" + published++ % CHANNELS);
    }
  }

  private boolean isAllSettled() {
    return handler.finished().size() >= published
        && traffic.pending("in", "g") == 0
        && EIGHT.streams().stream().allMatch(stream -> traffic.pending(stream, "g") == 0);
  }

  private void theOrderIsKept() {
    assertThat(handler.numbers().values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
  }
}
