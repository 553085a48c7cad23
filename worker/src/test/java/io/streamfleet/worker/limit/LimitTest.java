package io.streamfleet.worker.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits hold in all workers together, and what waits for its turn loses nothing. */
@Timeout(60)
class LimitTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @AutoClose private final Fleet fleet = new Fleet();

  private static QuickManifest limited(String ordering, String limits) {
    return QuickManifest.calm()
        .with(
            "inbound",
            "{streams: [in], group: g, ordering: %s, limits: %s, handler: {builtin: Discard}}"
                .formatted(ordering, limits));
  }

  @Test
  void inNoSecondDoMoreBeginThanTheRateAllowsHoweverWorkersComeAndGo() throws Exception {
    List<Long> begun = new CopyOnWriteArrayList<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              begun.add(System.nanoTime());
              return Handled.nothing();
            });
    QuickManifest manifest = limited("{mode: None}", "{rate: 100/s, burst: 10}");
    fleet.publish("c", 250);
    fleet.worker("w1", manifest, handler);
    TestWorker goes = fleet.worker("w2", manifest, handler);
    await().atMost(LONG).until(() -> begun.size() > 60);
    fleet.worker("w3", manifest, handler);
    goes.drain();
    await().atMost(LONG).until(fleet::hasNothingPending);

    List<Long> times = begun.stream().sorted().toList();
    assertThat(times).hasSize(250);
    for (long from : times) {
      // A permission may be used a tenth of a second after it was given.
      assertThat(times.stream().filter(at -> at >= from && at - from < 1_000_000_000L))
          .hasSizeLessThanOrEqualTo(100 + 10 + 10);
    }
    assertThat(handler.started()).allMatch(call -> call.attempt() == 1);
  }

  @Test
  void aChannelWithARateHoldsUpNoOtherAndALimitThatIsLiftedLetsTheRestGo() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    TestWorker worker =
        fleet.worker(limited("{lockTtl: 20s}", "{rate: 1/h, burst: 2, per: Channel}"), handler);
    fleet.publish("busy", 6);
    fleet.publish("a", 1);
    fleet.publish("b", 2);
    await().atMost(LONG).until(() -> handler.finished().size() == 5);
    await().until(() -> worker.metric("streamfleet_limited", "loop", "inbound") > 0);
    assertThat(handler.numbers("busy")).hasSize(2);
    assertThat(worker.ready()).isTrue();

    worker.change(limited("{lockTtl: 20s}", "{concurrency: 7}").text());

    await().atMost(LONG).until(fleet::hasNothingPending);
    assertThat(handler.started()).hasSize(9).allMatch(call -> call.attempt() == 1);
    assertThat(handler.numbers("busy")).isSorted();
    assertThat(handler.overlaps()).isEmpty();
  }

  /** More than there are credits. */
  @Test
  void manyChannelsThatWaitForTheirRatesHoldUpNoOthers() throws Exception {
    for (int i = 0; i < 4; i++) {
      for (int busy = 0; busy < 300; busy++) {
        fleet.publish("busy-" + busy);
      }
    }
    for (int quiet = 0; quiet < 20; quiet++) {
      fleet.publish("quiet-" + quiet);
    }
    RecordingHandler handler = RecordingHandler.instant();
    fleet.worker(limited("{lockTtl: 20s}", "{rate: 1/h, burst: 1, per: Channel}"), handler);

    await().atMost(LONG).untilAsserted(() -> assertThat(handler.finished()).hasSize(300 + 20));
    for (int quiet = 0; quiet < 20; quiet++) {
      assertThat(handler.numbers("quiet-" + quiet)).hasSize(1);
    }
  }

  @Test
  void oneChannelThatWaitsForItsRateHoldsUpNoOthersWithoutAnOrderEither() throws Exception {
    fleet.publish("busy", 1_000);
    fleet.publish("quiet", 1);
    RecordingHandler handler = RecordingHandler.instant();
    TestWorker worker =
        fleet.worker(limited("{mode: None}", "{rate: 1/h, burst: 1, per: Channel}"), handler);

    await().atMost(LONG).until(() -> handler.numbers("quiet").size() == 1);
    assertThat(handler.numbers("busy")).hasSize(1);
    await().until(() -> worker.metric("streamfleet_limited", "loop", "inbound") == 999);
    assertThat(worker.ready()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{lockTtl: 20s}", "{mode: None}"})
  void whatIsParkedForItsRateComesWhenItMayStart(String ordering) throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    QuickManifest manifest = limited(ordering, "{rate: 100/m, burst: 1, per: Channel}");
    fleet.publish("busy", 8);
    TestWorker goes = fleet.worker("w1", manifest, handler);
    await().atMost(LONG).until(() -> handler.finished().size() >= 3);
    fleet.worker("w2", manifest, handler);
    goes.drain();

    await().atMost(LONG).until(fleet::hasNothingPending);
    assertThat(handler.numbers("busy")).hasSize(8);
    if (!ordering.contains("None")) {
      assertThat(handler.numbers("busy")).isSorted();
    }
    assertThat(handler.started()).allMatch(call -> call.attempt() == 1);
  }

  @Test
  void theHandlerHasNoMoreAtOnceThanItsConcurrency() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              inside.decrementAndGet();
              return Handled.nothing();
            });
    fleet.publish("c", 300);
    fleet.worker(limited("{mode: None}", "{concurrency: 3}"), handler);

    await().atMost(LONG).until(() -> handler.finished().size() == 300);
    assertThat(most.get()).isBetween(1, 3);
  }
}
