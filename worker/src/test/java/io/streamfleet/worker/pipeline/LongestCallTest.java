package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A call that hangs shows before it ends. */
class LongestCallTest {

  @AutoClose private final RedisServer redis = RedisServer.plain();
  @AutoClose private final Traffic traffic = new Traffic(redis.url());

  private static double longest(TestWorker worker) {
    return worker.metric("streamfleet_handler_longest_running_seconds", "loop", "inbound");
  }

  @Test
  void theLongestCallThatRunsShowsWhateverElseRunsBesideIt() throws Exception {
    Gate first = new Gate();
    Gate second = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              switch (message.channel()) {
                case "first" -> first.pass();
                case "second" -> second.pass();
                default -> {}
              }
              return Handled.nothing();
            });
    try (TestWorker worker =
        TestWorker.start(
            """
            redis: {url: "%s"}
            inbound: {streams: [in], group: g, handler: {builtin: Discard}}
            read: {block: 100ms}
            workers: {drainTimeout: 5s}
            """
                .formatted(redis.url()),
            "w1",
            handler,
            redis.url())) {
      assertThat(longest(worker)).isZero();

      traffic.publish("in", Map.of("channel_id", "first"));
      await().until(() -> first.reached() == 1);
      await().until(() -> longest(worker) > 2);
      traffic.publish("in", Map.of("channel_id", "second"));
      traffic.publish("in", Map.of("channel_id", "first"));
      traffic.publish("in", Map.of("channel_id", "quick"));
      await().until(() -> second.reached() == 1 && handler.finished().size() == 1);
      double of = longest(worker);
      assertThat(of).isGreaterThan(2);

      first.open();
      await().until(() -> longest(worker) > 0 && longest(worker) < of);
      second.open();
      await().until(() -> handler.finished().size() == 4);
      await().until(() -> longest(worker) == 0);
    }
  }
}
