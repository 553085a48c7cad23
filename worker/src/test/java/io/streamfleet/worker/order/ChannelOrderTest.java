package io.streamfleet.worker.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One worker: entries of a channel one at a time and in order, channels side by side. */
class ChannelOrderTest {

  private static final QuickManifest MANIFEST = QuickManifest.calm();

  @AutoClose private final Fleet fleet = new Fleet();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 200})
  void handlesABacklogInTheOrderOfEachChannel(int channels) throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    for (int i = 0; i < 3_000; i++) {
      fleet.publish("c" + i % channels);
    }
    TestWorker worker = fleet.worker(MANIFEST, handler);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> handler.finished().size() == 3_000 && fleet.hasNothingPending());
    assertThat(worker.drain()).isTrue();
    for (int channel = 0; channel < channels; channel++) {
      assertThat(handler.numbers("c" + channel))
          .as("channel %d", channel)
          .containsExactlyElementsOf(
              IntStream.iterate(channel, i -> i < 3_000, i -> i + channels)
                  .asLongStream()
                  .boxed()
                  .toList());
    }
    assertThat(handler.overlaps()).isEmpty();
  }

  @Test
  void goesOnWithOtherChannelsWhileOneIsBusy() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("busy")) {
                gate.pass();
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.publish("busy");
    fleet.publish("busy");
    IntStream.range(0, 50).forEach(i -> fleet.publish("free" + i % 5));

    await().until(() -> handler.finished().size() == 50);
    assertThat(gate.reached()).isEqualTo(1);
    assertThat(fleet.traffic().redis().get("sg:lock:channel:busy")).asString().startsWith("w1/");

    gate.open();
    await().until(() -> handler.numbers("busy").size() == 2);
    assertThat(handler.numbers("busy")).containsExactly(0L, 1L);
    assertThat(worker.ready()).isTrue();
  }

  @Test
  void letsWhatIsNotAddressedPassLanesAndLocks() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("busy") && message.payload().toMap().containsKey("n")) {
                gate.pass();
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.traffic().redis().set("sg:lock:channel:foreign", Traffic.text("a-python-worker"));
    fleet.publish("busy");
    await().until(() -> gate.reached() == 1);

    fleet.traffic().publish("in", Map.of("channel_id", "busy", "is_addressed", false));
    fleet.traffic().publish("in", Map.of("channel_id", "foreign", "is_addressed", false));
    fleet.traffic().publish("in", Map.of("channel_id", "quiet", "is_addressed", false));

    await().until(() -> handler.finished().size() == 3);
    assertThat(handler.finished())
        .extracting(Call::channel)
        .containsExactlyInAnyOrder("busy", "foreign", "quiet");
    assertThat(fleet.traffic().redis().exists("sg:lock:channel:quiet")).isZero();
    assertThat(worker.metric("streamfleet_lanes", "loop", "inbound")).isEqualTo(1);
    gate.open();
  }

  @Test
  void putsWhatHasNoChannelIntoTheGlobalOne() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.traffic().publish("in", Map.of("n", 1));
    fleet.traffic().publish("in", Map.of("n", 2));

    await().until(() -> gate.reached() == 1);
    assertThat(fleet.traffic().redis().get("sg:lock:channel:global")).asString().startsWith("w1/");
    gate.open();
    await().until(() -> handler.numbers("global").size() == 2);
    assertThat(handler.numbers("global")).containsExactly(1L, 2L);
    assertThat(handler.overlaps()).isEmpty();
    assertThat(worker.ready()).isTrue();
  }

  @Test
  void keepsOrderOverRetriesAndHoldsUpTheFailingChannelOnly() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("shaky") && gate.reached() == 0) {
                if (message.attempt() < 5) {
                  throw new TransientFailure("not yet");
                }
                gate.pass();
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.publish("shaky", 5);
    fleet.publish("sound", 20);

    await().until(() -> handler.numbers("sound").size() == 20 && gate.reached() == 1);
    assertThat(handler.started())
        .filteredOn(call -> call.channel().equals("shaky"))
        .extracting(Call::number, Call::attempt)
        .containsExactly(tuple(0L, 1), tuple(0L, 2), tuple(0L, 3), tuple(0L, 4), tuple(0L, 5));
    gate.open();
    await().until(() -> handler.numbers("shaky").size() == 5);
    assertThat(handler.numbers("shaky")).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(worker.metric("streamfleet_entries_retried_total", "stream", "in", "group", "g"))
        .isEqualTo(4);
  }

  @Test
  void runsEntriesOfOneChannelSideBySideWhereNoOrderIsAskedFor() throws Exception {
    CyclicBarrier together = new CyclicBarrier(8);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              together.await(20, TimeUnit.SECONDS);
              return Handled.nothing();
            });
    QuickManifest unordered = QuickManifest.calm().ordering("{mode: None}");
    TestWorker worker = fleet.worker(unordered, handler);
    fleet.publish("one", 8);

    await().until(() -> handler.finished().size() == 8);
    assertThat(handler.started()).hasSize(8);
    assertThat(fleet.traffic().redis().keys("sg:lock:*")).isEmpty();
    assertThat(worker.ready()).isTrue();
  }
}
