package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a handler emits for a platform that nobody serves is told of, and emitted all the same. */
class UnreadStreamsTest {

  private static final RecordingHandler EMITTING =
      new RecordingHandler(
          message ->
              Handled.emitting(
                  new OutboundMessage("served", Map.of()),
                  new OutboundMessage("misspelt", Map.of())));

  @AutoClose private final Fleet fleet = new Fleet();

  @Test
  void aStreamThatNoGroupReadsIsCountedForEachMessageAndOneThatAnyGroupReadsIsNot()
      throws Exception {
    fleet
        .traffic()
        .redis()
        .xgroupCreate(
            StreamOffset.from("sg:stream:outbound:served", "0"),
            "anybody",
            XGroupCreateArgs.Builder.mkstream());
    TestWorker worker = fleet.worker(QuickManifest.calm(), EMITTING);
    fleet.publish("c");
    await().until(() -> unread(worker) == 1);
    fleet.publish("c", 3);

    await().until(() -> unread(worker) == 4);
    await().until(fleet::hasNothingPending);
    assertThat(fleet.traffic().redis().xlen("sg:stream:outbound:served")).isEqualTo(4);
    assertThat(fleet.traffic().redis().xlen("sg:stream:outbound:misspelt")).isEqualTo(4);
    assertThat(unread(worker)).isEqualTo(4);
  }

  private static double unread(TestWorker worker) {
    return worker.metric("streamfleet_suspect_answers_total", "doubt", "unread_stream");
  }
}
