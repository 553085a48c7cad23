package io.streamfleet.worker.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each live setting is what a worker that runs goes by, once it was changed. */
class LiveSettingsTest {

  private static final QuickManifest UNORDERED = QuickManifest.calm().ordering("{mode: None}");

  private final Fleet fleet = new Fleet();

  @AfterEach
  void close() throws Exception {
    fleet.close();
  }

  private static void change(TestWorker worker, QuickManifest manifest) {
    worker.change(manifest.text());
  }

  @Test
  void fewerThanAreInHandLetsNothingInUntilEnoughHaveEnded() throws Exception {
    Semaphore gate = new Semaphore(0);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              int now = inside.incrementAndGet();
              if (begun.incrementAndGet() > 50) {
                most.accumulateAndGet(now, Math::max);
              }
              gate.acquire();
              inside.decrementAndGet();
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(UNORDERED.with("read", "{block: 100ms, maxInFlight: 50}"), handler);
    fleet.publish("c", 50);
    await().until(() -> inside.get() == 50);

    change(worker, UNORDERED.with("read", "{block: 100ms, maxInFlight: 5, batchSize: 2}"));
    await().until(() -> worker.metric("streamfleet_in_flight_limit", "loop", "inbound") == 5);
    fleet.publish("c", 30);
    gate.release(40);
    await().until(() -> handler.finished().size() == 40);
    await()
        .during(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(fleet.group().rows()).hasSize(10));

    gate.release(1_000);
    await().until(() -> handler.finished().size() == 80 && fleet.hasNothingPending());
    assertThat(most.get()).isLessThanOrEqualTo(5);
  }

  @Test
  void moreThanBeforeAreTakenInAtOnce() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(UNORDERED.with("read", "{block: 100ms, maxInFlight: 2}"), handler);
    fleet.publish("c", 20);
    await().until(() -> gate.reached() == 2);

    change(worker, UNORDERED.with("read", "{block: 100ms, maxInFlight: 20}"));

    await().until(() -> gate.reached() == 20);
    gate.open();
  }

  @Test
  void fewerAttemptsEndWhatFailsAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              calls.incrementAndGet();
              throw new TransientFailure("never");
            });
    TestWorker worker =
        fleet.worker(
            UNORDERED
                .with("retry", "{initialBackoff: 100ms, maxBackoff: 200ms, maxAttempts: 100}")
                .with("autoclaim", "{interval: 300ms, minIdle: 20s, maxDeliveries: 100}"),
            handler);
    fleet.publish("c", 1);
    await().until(() -> calls.get() >= 3);

    change(worker, UNORDERED.with("retry", "{maxAttempts: 2}"));

    await().until(() -> GroupView.entries(fleet.traffic(), "dlq").size() == 1);
    assertThat(GroupView.entries(fleet.traffic(), "dlq").getFirst())
        .containsEntry("reason", "max_attempts");
  }

  @Test
  void aSweepThatWasAnHourAwayComesSoon() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    fleet.group().created();
    fleet.publish("c", 1);
    fleet.group().deliverTo("dead", 1);
    // The sweep with which it begins comes too early for it.
    TestWorker worker =
        fleet.worker(
            UNORDERED.with("autoclaim", "{interval: 1h, minIdle: 2s, maxDeliveries: 10}"), handler);

    change(
        worker, UNORDERED.with("autoclaim", "{interval: 100ms, minIdle: 2s, maxDeliveries: 10}"));

    await().until(() -> handler.finished().size() == 1 && fleet.hasNothingPending());
  }

  @Test
  void tracesAreRecordedOnceTheyAreSwitchedOn() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    TestWorker worker = fleet.worker(UNORDERED.with("trace", "{enabled: false}"), handler);
    fleet.publish("c", 1);
    await().until(fleet::hasNothingPending);
    assertThat(fleet.traffic().redis().keys("*trace*")).isEmpty();

    change(worker, UNORDERED.with("trace", "{keyTemplate: 'other:trace:{trace_id}'}"));
    await()
        .until(
            () -> {
              fleet.publish("c", 1);
              return !fleet.traffic().redis().keys("other:trace:*").isEmpty();
            });
  }
}
