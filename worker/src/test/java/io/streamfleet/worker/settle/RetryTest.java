package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.XClaimArgs;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A failure that may pass: the entry is tried again, and Redis keeps the count. */
class RetryTest {

  @AutoClose private final Fleet fleet = new Fleet();

  private static QuickManifest manifest(String retry) {
    return QuickManifest.calm().with("workers", "{drainTimeout: 1s}").with("retry", retry);
  }

  @Test
  void eachAttemptIsCountedInThePendingEntriesListBeforeTheHandlerSeesIt() throws Exception {
    List<Long> counts = new CopyOnWriteArrayList<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              counts.add(fleet.group().row().deliveries());
              if (message.attempt() < 3) {
                throw new TransientFailure("not yet");
              }
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(
            manifest("{maxAttempts: 5, initialBackoff: 10ms, maxBackoff: 100ms}"), handler);
    fleet.publish("c");
    await().until(() -> !handler.finished().isEmpty() && fleet.hasNothingPending());

    assertThat(handler.started().stream().map(RecordingHandler.Call::attempt))
        .containsExactly(1, 2, 3);
    assertThat(counts).containsExactly(1L, 2L, 3L);
    assertThat(worker.metric("streamfleet_entries_retried_total", "stream", "in", "group", "g"))
        .isEqualTo(2);
  }

  @Test
  void theCountStaysInThePendingEntriesListWhileAnEntryWaits() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              throw new TransientFailure(
                  "later", message.attempt() == 1 ? Duration.ZERO : Duration.ofHours(1));
            });
    TestWorker worker =
        fleet.worker(manifest("{maxAttempts: 5, initialBackoff: 10ms, maxBackoff: 1h}"), handler);
    fleet.publish("c");
    await()
        .until(
            () ->
                worker.metric(
                        "streamfleet_handler_seconds_count",
                        "direction",
                        "inbound",
                        "loop",
                        "inbound",
                        "outcome",
                        "transient_failure")
                    == 2);
    assertThat(fleet.group().row().deliveries()).isEqualTo(2);
  }

  /** Others may have had the entry while the call was on its way, and it may be ours again. */
  @Test
  void anAttemptThatIsCountedLateTakesNoneBack() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.attempt() == 1) {
                throw new TransientFailure("later");
              }
              return Handled.nothing();
            });
    fleet.worker(manifest("{maxAttempts: 9, initialBackoff: 1s, maxBackoff: 1s}"), handler);
    String id = fleet.publish("c");
    await().until(() -> handler.started().size() == 1);

    fleet
        .traffic()
        .redis()
        .xclaim(
            "in",
            Consumer.from("g", fleet.group().row().consumer()),
            XClaimArgs.Builder.minIdleTime(0).retryCount(4).justid(),
            id);

    await().until(() -> handler.started().size() == 2 && fleet.hasNothingPending());
    assertThat(handler.started().stream().map(RecordingHandler.Call::attempt))
        .containsExactly(1, 4);
  }

  @Test
  void theLastAttemptIsMadeByAnotherWorkerTooWhereDeliveriesAreAsManyAsAttempts() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              throw new TransientFailure(
                  "later", message.attempt() == 1 ? Duration.ZERO : Duration.ofSeconds(2));
            });
    QuickManifest manifest =
        manifest("{maxAttempts: 3, initialBackoff: 10ms, maxBackoff: 2s}")
            .with("autoclaim", "{interval: 300ms, minIdle: 20s, maxDeliveries: 3}");
    TestWorker first = fleet.worker("w1", manifest, handler);
    fleet.publish("c");
    await().until(() -> handler.started().size() == 2);
    first.drain();
    TestWorker second = fleet.worker("w2", manifest, handler);
    await().until(fleet::hasNothingPending);

    assertThat(handler.started().stream().map(RecordingHandler.Call::attempt))
        .containsExactly(1, 2, 3);
    assertThat(GroupView.entries(fleet.traffic(), "dlq").getFirst())
        .containsEntry("reason", "max_attempts")
        .containsEntry("attempt", "3");
    assertThat(second.ready()).isTrue();
  }

  @Test
  void waitsAtLeastAsLongAsTheHandlerAsksAndHoldsUpItsChannel() throws Exception {
    List<Long> starts = new CopyOnWriteArrayList<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              starts.add(System.nanoTime());
              if (isFirst(message) && message.attempt() == 1) {
                throw new TransientFailure("busy", Duration.ofMillis(400));
              }
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(manifest("{maxAttempts: 3, initialBackoff: 10ms, maxBackoff: 10s}"), handler);
    fleet.publish("c");
    fleet.publish("c");
    await().until(() -> handler.finished().size() == 2);

    assertThat(Duration.ofNanos(starts.get(1) - starts.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
    assertThat(handler.numbers("c")).containsExactly(0L, 1L);
    assertThat(worker.ready()).isTrue();
  }

  @Test
  void waitsNoLongerThanTheLongestBackoffWhateverTheHandlerAsks() throws Exception {
    List<Long> starts = new CopyOnWriteArrayList<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              starts.add(System.nanoTime());
              if (message.attempt() == 1) {
                throw new TransientFailure("busy", Duration.ofHours(1));
              }
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(
            manifest("{maxAttempts: 3, initialBackoff: 10ms, maxBackoff: 300ms}"), handler);
    fleet.publish("c");
    await().until(() -> handler.finished().size() == 1);

    assertThat(Duration.ofNanos(starts.get(1) - starts.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    assertThat(worker.ready()).isTrue();
  }

  @Test
  void aWorkerThatLeavesDoesNotCountTheAttemptsThatItWillNotMake() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    List<String> failed = new CopyOnWriteArrayList<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (isFirst(message)) {
                failed.add(message.id());
                throw new TransientFailure("not yet", Duration.ofMillis(500));
              }
              stuck.await();
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(
            manifest("{maxAttempts: 5, initialBackoff: 500ms, maxBackoff: 500ms}"), handler);
    fleet.publish("waits for its second attempt");
    fleet.publish("keeps the worker from leaving");
    await().until(() -> failed.size() == 1 && handler.started().size() == 2);

    assertThat(worker.drain()).isFalse();
    assertThat(fleet.group().rows()).extracting(GroupView.Row::deliveries).containsExactly(1L, 1L);
  }

  private static boolean isFirst(Message message) {
    return message.payload().toMap().get("n") instanceof Number n && n.longValue() == 0;
  }
}
