package io.streamfleet.worker.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Partitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that share a stream with partitions, each of which one of them has at a time. */
class PartitionedFleetTest {

  private static final Partitions EIGHT = new Partitions("in", 8);
  private static final int CHANNELS = 20;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final List<TestWorker> fleet = new ArrayList<>();
  private final RecordingHandler handler =
      new RecordingHandler(
          message -> {
            LockSupport.parkNanos(
                ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(3)));
            return Handled.nothing();
          });
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
  void handleEveryEntryOnceInTheOrderOfItsChannelWhileWorkersComeAndGo() throws Exception {
    publish(1_000);
    TestWorker first = start("w0");
    await().until(() -> handler.finished().size() > 100);
    start("w1");
    publish(1_000);
    start("w2");
    await().until(() -> handler.finished().size() > 1_000);
    first.drain();
    publish(1_000);

    await().atMost(Duration.ofSeconds(40)).until(this::isAllSettled);

    assertThat(handler.overlaps()).isEmpty();
    assertThat(handler.started()).extracting(Call::number).doesNotHaveDuplicates().hasSize(3_000);
    // A move costs no entry a delivery that it was not begun with.
    assertThat(handler.started()).extracting(Call::attempt).containsOnly(1);
    theOrderIsKept();
    assertThat(traffic.redis().exists("dlq")).isZero();
    assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
  }

  /** A Redis that starts without its data has neither streams nor groups nor leases. */
  @Test
  void goOnWithARedisThatHasForgottenEverything() throws Exception {
    start("w0");
    start("w1");
    publish(200);
    await().until(this::isAllSettled);

    traffic.redis().flushall();
    published = 0;
    publish(200);

    await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 400);
    await().until(() -> EIGHT.streams().stream().allMatch(it -> traffic.pending(it, "g") == 0));
    theOrderIsKept();
  }

  @Test
  void tryAgainWhatFailedAndGiveItUpInItsPlace() throws Exception {
    RecordingHandler failing =
        new RecordingHandler(
            message -> {
              long n = Long.parseLong(String.valueOf(message.payload().toMap().get("n")));
              if (n % 10 == 3 || (n % 10 == 5 && message.attempt() == 1)) {
                throw new IllegalStateException("no");
              }
              return Handled.nothing();
            });
    start("w0", failing);
    publish(100);

    await().until(() -> failing.finished().size() == 90 && traffic.redis().xlen("dlq") == 10);
    await().until(() -> EIGHT.streams().stream().allMatch(it -> traffic.pending(it, "g") == 0));
    assertThat(failing.numbers().values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
    assertThat(GroupView.entries(traffic, "dlq"))
        .allSatisfy(
            letter ->
                assertThat(letter)
                    .containsEntry("reason", "max_attempts")
                    .hasEntrySatisfying(
                        "original_stream", stream -> assertThat(stream).startsWith("in:{")));
  }

  @Test
  void emitOnceForEachEntryAndInTheOrderOfItsChannel() throws Exception {
    RecordingHandler answering =
        new RecordingHandler(
            message ->
                Handled.emitting(
                    new OutboundMessage(
                        "mail", Map.of("n", String.valueOf(message.payload().toMap().get("n"))))));
    start("w0", answering);
    publish(300);
    start("w1", answering);

    await().until(() -> traffic.redis().xlen("sg:stream:outbound:mail") >= 300);
    await().until(() -> EIGHT.streams().stream().allMatch(it -> traffic.pending(it, "g") == 0));
    assertThat(traffic.redis().xlen("sg:stream:outbound:mail")).isEqualTo(300);
  }

  @Test
  void readNothingDuringAPauseAndTellWhatTheyHaveInFlight() throws Exception {
    TestWorker worker = start("w0");
    publish(20);
    await().until(this::isAllSettled);
    worker.change(manifest().replace("group: g,", "group: g, paused: true,"));
    await()
        .until(
            () ->
                worker.metric("streamfleet_paused", "loop", "inbound", "stream", "in", "group", "g")
                    == 1);

    publish(20);
    assertThat(handler.finished()).hasSize(20);
    assertThat(worker.metric("streamfleet_partitions_owned", "stream", "in", "group", "g"))
        .isEqualTo(8);
    assertThat(worker.inFlight()).contains("\"stream\":\"in:{7}\"");

    worker.change(manifest());
    await().until(this::isAllSettled);
  }

  private TestWorker start(String name) throws Exception {
    return start(name, handler);
  }

  private TestWorker start(String name, RecordingHandler its) throws Exception {
    TestWorker worker = TestWorker.start(manifest(), name, its, redis.url());
    fleet.add(worker);
    return worker;
  }

  private static String manifest() {
    return QuickManifest.calm()
        .with("retry", "{initialBackoff: 10ms, maxBackoff: 100ms, maxAttempts: 3}")
        .with(
            "inbound",
            "{streams: [in], group: g, partitions: {count: 8},"
                + " ordering: {lockTtl: 20s}, handler: {builtin: Discard}}")
        .text();
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      String channel = "c" + published++ % CHANNELS;
      traffic.publish(EIGHT.streamOf(EIGHT.of(channel)), channel);
    }
  }

  private boolean isAllSettled() {
    return handler.finished().size() >= published
        && EIGHT.streams().stream().allMatch(stream -> traffic.pending(stream, "g") == 0);
  }

  private void theOrderIsKept() {
    assertThat(handler.numbers().values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
  }
}
