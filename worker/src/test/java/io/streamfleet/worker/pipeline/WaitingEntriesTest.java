package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits holds no credit: others are handled meanwhile, however few may be in flight. */
class WaitingEntriesTest {

  @AutoClose private final Fleet fleet = new Fleet();

  private static QuickManifest manifest(String ordering) {
    return QuickManifest.calm()
        .with("workers", "{drainTimeout: 1s}")
        .with("read", "{maxInFlight: 10, batchSize: 5, maxBytes: 32Ki, block: 100ms}")
        .with("retry", "{maxAttempts: 4, initialBackoff: 10ms, maxBackoff: 1h}")
        .ordering("{mode: " + ordering + ", lockTtl: 20s}");
  }

  private static double parked(TestWorker worker) {
    return worker.metric("streamfleet_parked", "loop", "inbound")
        + worker.metric("streamfleet_parked_retries", "loop", "inbound");
  }

  private static List<String> finished(RecordingHandler handler, String channel) {
    return handler.finished().stream()
        .filter(call -> call.channel().equals(channel))
        .map(RecordingHandler.Call::id)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Channel", "None"})
  void whatWaitsForItsNextAttemptLetsOthersBeHandled(String ordering) throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().startsWith("bad")) {
                throw new TransientFailure("503", Duration.ofHours(1));
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(manifest(ordering), handler);
    for (int i = 0; i < 40; i++) {
      fleet.publish("bad" + i % 25);
      fleet.publish("good" + i);
    }

    await().until(() -> handler.finished().size() == 40);
    await().until(() -> parked(worker) == 40);
    assertThat(fleet.group().rows())
        .hasSize(40)
        .extracting(GroupView.Row::deliveries)
        .containsOnly(1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Channel", "None"})
  void isFetchedForEachAttemptAndHasNoMoreDeliveriesThanAttempts(String ordering) throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.attempt() < 4) {
                throw new TransientFailure("503", Duration.ofMillis(600));
              }
              return Handled.nothing();
            });
    fleet.worker(
        manifest(ordering).with("autoclaim", "{interval: 1h, minIdle: 20s, maxDeliveries: 4}"),
        handler);
    fleet.publish("c");
    await().until(() -> handler.finished().size() == 1 && fleet.hasNothingPending());

    assertThat(handler.started())
        .extracting(RecordingHandler.Call::attempt)
        .containsExactly(1, 2, 3, 4);
  }

  /**
   * Of a channel that hangs all but a few are known by id, of which there may be 10 here, and the
   * rest is left in Redis.
   */
  @Test
  void aChannelThatHangsLeavesTheRoomToTheOthersAndKeepsItsOrder() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            (Message message) -> {
              if (message.channel().equals("slow")) {
                gate.pass();
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(manifest("Channel"), handler);
    List<String> slow = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      slow.add(fleet.publish("slow"));
      fleet.publish("quick" + i % 7);
    }

    await().until(() -> handler.finished().size() == 60);
    assertThat(parked(worker)).isLessThanOrEqualTo(10);
    slow.add(fleet.publish("slow"));
    fleet.publish("quick");
    await().until(() -> handler.finished().size() == 61);

    gate.open();
    await().until(() -> handler.finished().size() == 122 && fleet.hasNothingPending());
    assertThat(finished(handler, "slow")).containsExactlyElementsOf(slow);
    assertThat(handler.started()).hasSize(122);
  }
}
