package io.streamfleet.worker.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.SetArgs;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an entry is due survives whoever has it. */
class DueTimesTest {

  private static final String DUE = "in:due:g";

  @AutoClose private final Fleet fleet = new Fleet();

  private static QuickManifest manifest(String maxBackoff) {
    return QuickManifest.calm()
        .with("workers", "{drainTimeout: 1s}")
        .with("autoclaim", "{interval: 200ms, minIdle: 20s, maxDeliveries: 3}")
        .with(
            "retry",
            "{maxAttempts: 3, initialBackoff: 10ms, maxBackoff: %s}".formatted(maxBackoff));
  }

  private static RecordingHandler busyFor(Duration wait) {
    return new RecordingHandler(
        message -> {
          if (message.attempt() == 1) {
            throw new TransientFailure("503", wait);
          }
          return Handled.nothing();
        });
  }

  private long pendingFor(String consumer) {
    return fleet.group().rows().stream().filter(row -> row.consumer().equals(consumer)).count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Channel", "None"})
  void workersThatComeAndGoUseUpNoAttemptOfWhatIsNotDue(String ordering) throws Exception {
    RecordingHandler handler = busyFor(Duration.ofHours(1));
    QuickManifest manifest = manifest("1h").ordering("{mode: " + ordering + ", lockTtl: 20s}");
    TestWorker first = fleet.worker("w0", manifest, handler);
    for (int i = 0; i < 20; i++) {
      fleet.publish("c" + i);
    }
    await().until(() -> handler.started().size() == 20 && fleet.traffic().redis().zcard(DUE) == 20);
    first.drain();

    for (int i = 1; i <= 3; i++) {
      String name = "w" + i;
      TestWorker next = fleet.worker(name, manifest, handler);
      await().until(() -> pendingFor(name) == 20);
      next.drain();
    }

    assertThat(handler.started()).hasSize(20);
    assertThat(fleet.traffic().redis().exists("dlq")).isZero();
    assertThat(fleet.group().rows()).extracting(GroupView.Row::deliveries).containsOnly(1L);
  }

  @Test
  void whoTakesAnEntryOverMakesItsNextAttemptWhenItIsDueAndHoldsUpItsChannelUntilThen()
      throws Exception {
    List<Long> starts = new CopyOnWriteArrayList<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              starts.add(System.nanoTime());
              if (message.attempt() == 1 && starts.size() == 1) {
                throw new TransientFailure("503", Duration.ofSeconds(4));
              }
              return Handled.nothing();
            });
    TestWorker first = fleet.worker("w1", manifest("1h"), handler);
    String failed = fleet.publish("c");
    await().until(() -> fleet.traffic().redis().zcard(DUE) == 1);
    fleet.publish("c");
    await().until(() -> fleet.group().rows().size() == 2);
    first.drain();
    fleet.worker("w2", manifest("1h"), handler);

    await().until(fleet::hasNothingPending);
    assertThat(handler.started())
        .extracting(RecordingHandler.Call::id)
        .startsWith(failed, failed)
        .hasSize(3);
    assertThat(handler.started())
        .extracting(RecordingHandler.Call::attempt)
        .containsExactly(1, 2, 1);
    assertThat(Duration.ofNanos(starts.get(1) - starts.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(3_900));
  }

  /** Nothing raises the count of what is parked in its back-off and comes back. */
  @Test
  void anAttemptIsNotMadeTwiceByAnEntryThatWaitedBehindAForeignLock() throws Exception {
    RecordingHandler handler = busyFor(Duration.ofSeconds(2));
    QuickManifest manifest =
        manifest("1h").ordering("{lockTtl: 1s}").with("read", "{block: 100ms, maxInFlight: 8}");
    fleet.worker("w1", manifest, handler);
    fleet.publish("c");
    await().until(() -> fleet.traffic().redis().zcard(DUE) == 1);
    fleet
        .traffic()
        .redis()
        .set("sg:lock:channel:c", Traffic.text("a-python-worker"), SetArgs.Builder.px(3_000));

    await().until(fleet::hasNothingPending);
    assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsExactly(1, 2);
  }

  @Test
  void nothingIsLeftBehindForGood() throws Exception {
    RecordingHandler handler = busyFor(Duration.ofSeconds(1));
    fleet.worker("w1", manifest("1h"), handler);
    fleet.publish("c");
    await().until(() -> fleet.traffic().redis().zcard(DUE) == 1);
    assertThat(fleet.traffic().redis().pttl(DUE))
        .as("it goes by itself, should nobody be there any more")
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofHours(2).toMillis());

    await().until(fleet::hasNothingPending);
    assertThat(fleet.traffic().redis().exists(DUE)).isZero();
  }

  @Test
  void aKeyThatHoldsSomethingElseCostsTheDueTimesOnly() throws Exception {
    fleet.traffic().redis().set(DUE, Traffic.text("somebody else's"));
    RecordingHandler handler = busyFor(Duration.ofSeconds(1));
    TestWorker worker = fleet.worker("w1", manifest("1h"), handler);
    fleet.publish("c");
    await().until(fleet::hasNothingPending);

    assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsExactly(1, 2);
    assertThat(worker.metric("streamfleet_redis_errors_total", "operation", "keep due time"))
        .isEqualTo(1);
  }
}
