package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Running workers with the same or similar names do not take each other's locks. */
class NamesakesTest {

  private static final QuickManifest READS_IN = QuickManifest.calm();
  private static final QuickManifest READS_MORE =
      QuickManifest.calm()
          .with(
              "inbound",
              "{streams: [more], group: g, ordering: {lockTtl: 20s}, handler: {builtin: Discard}}");

  private final Gate gate = new Gate();
  private final RecordingHandler handler =
      new RecordingHandler(
          message -> {
            gate.pass();
            return Handled.nothing();
          });
  private final Fleet fleet = new Fleet();

  @AfterEach
  void stop() throws Exception {
    gate.open();
    fleet.close();
  }

  /** Such as two workers in one pod. */
  @Test
  void oneNameReadsDifferentStreams() throws Exception {
    TestWorker first = fleet.worker("w1", READS_IN, handler);
    fleet.publish("c");
    await().until(() -> gate.reached() == 1);
    TestWorker second = fleet.worker("w1", READS_MORE, handler);
    fleet.traffic().publish("more", "c");

    await().until(() -> parked(second) == 1);
    waitsInLine(first);
    assertThat(fleet.traffic().pending("more", "g")).isZero();
  }

  @Test
  void aNameBeginsAsAnotherDoes() throws Exception {
    TestWorker first = fleet.worker("team/x", READS_MORE, handler);
    fleet.traffic().publish("more", "c");
    await().until(() -> gate.reached() == 1);
    TestWorker second = fleet.worker("team", READS_IN, handler);
    fleet.publish("c");

    await().until(() -> parked(second) == 1);
    waitsInLine(first);
  }

  @Test
  void aNameWithSlashesIsHandedWhatIsItsOwn() throws Exception {
    fleet.worker("team/x", READS_IN, handler);
    fleet.publish("c");
    await().until(() -> gate.reached() == 1);
    TestWorker second = fleet.worker("team", READS_IN, handler);
    fleet.publish("c", 20);

    await()
        .until(
            () -> fleet.group().rows().stream().allMatch(row -> row.consumer().equals("team/x")));
    gate.open();
    await().until(() -> handler.finished().size() == 21 && fleet.hasNothingPending());
    assertThat(handler.overlaps()).isEmpty();
    assertThat(second.metric("streamfleet_lock_lost_total", "stream", "in")).isZero();
  }

  private void waitsInLine(TestWorker holder) {
    gate.open();
    await().until(() -> handler.finished().size() == 2 && fleet.hasNothingPending());
    assertThat(handler.overlaps()).isEmpty();
    for (String stream : List.of("in", "more")) {
      assertThat(holder.metric("streamfleet_lock_lost_total", "stream", stream)).isZero();
    }
  }

  private static double parked(TestWorker worker) {
    return worker.metric("streamfleet_parked", "loop", "inbound");
  }
}
