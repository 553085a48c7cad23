package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.ChannelLimited;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.breaker.Cause;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A limit of one channel costs its messages time, and nothing else. */
class ChannelLimitedTest {

  @AutoClose private final Fleet fleet = new Fleet();

  private static QuickManifest manifest() {
    return QuickManifest.calm()
        .with("workers", "{drainTimeout: 1s}")
        .with("retry", "{maxAttempts: 3, initialBackoff: 10ms, maxBackoff: 1h}");
  }

  /** 700 ms are parked, 30 ms are not. */
  @ParameterizedTest
  @ValueSource(longs = {30, 700})
  void itsMessagesWaitInOrderUseUpNoAttemptAndHoldUpNobody(long millis) throws Exception {
    AtomicInteger limited = new AtomicInteger();
    AtomicBoolean isLimited = new AtomicBoolean(true);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("limited") && isLimited.get()) {
                limited.incrementAndGet();
                throw new ChannelLimited("slow down", Duration.ofMillis(millis));
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(manifest(), handler);
    fleet.publish("limited", 5);
    await().until(() -> limited.get() >= 1);
    fleet.publish("other", 20);

    await().until(() -> handler.numbers("other").size() == 20);
    // More often than there are attempts, and than it takes to open a breaker.
    await().until(() -> limited.get() >= (millis < 100 ? 30 : 4));
    assertThat(GroupView.entries(fleet.traffic(), "dlq")).isEmpty();
    isLimited.set(false);

    await().until(fleet::hasNothingPending);
    List<RecordingHandler.Call> calls =
        handler.started().stream().filter(call -> call.channel().equals("limited")).toList();
    assertThat(calls).allMatch(call -> call.attempt() == 1);
    assertThat(calls.subList(calls.size() - 5, calls.size()))
        .extracting(RecordingHandler.Call::number)
        .containsExactlyElementsOf(LongStream.range(0, 5).boxed().toList());
    assertThat(
            worker.metric(
                "streamfleet_breaker_opened_total",
                "endpoint",
                "inbound",
                "cause",
                Cause.FAILING.label()))
        .isZero();
  }

  @Test
  void whoTakesAMessageOverMakesTheSameAttempt() throws Exception {
    RecordingHandler never =
        new RecordingHandler(
            message -> {
              throw new ChannelLimited("slow down", Duration.ofSeconds(2));
            });
    try (TestWorker first = fleet.worker("w1", manifest(), never)) {
      fleet.publish("limited");
      await().until(() -> !never.started().isEmpty());
      await().until(() -> first.metric("streamfleet_parked_retries", "loop", "inbound") == 1);
    }
    RecordingHandler handler = RecordingHandler.instant();
    fleet.worker("w2", manifest(), handler);

    await().until(fleet::hasNothingPending);
    assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsExactly(1);
  }
}
