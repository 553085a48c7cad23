package io.streamfleet.worker.pending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is pending for a worker is neither kept out nor forgotten, whatever happens around it. */
class OursTest {

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  /** A read that waits sets its credits apart, and must not keep what is pending out with them. */
  @Test
  void aReadThatWaitsLeavesRoomForWhatADeadConsumerLeft() throws Exception {
    GroupView group = new GroupView(traffic, "in", "g").created();
    for (int i = 0; i < 5; i++) {
      traffic.publish("in", "c" + i);
    }
    group.deliverTo("ghost", 5);
    RecordingHandler handler = RecordingHandler.instant();
    String manifest =
        QuickManifest.hasty().with("read", "{batchSize: 10, maxInFlight: 10, block: 500ms}").text();

    try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
      await().until(() -> handler.finished().size() == 5);
      assertThat(worker.metric("streamfleet_entries_claimed_total", "stream", "in", "group", "g"))
          .isEqualTo(5);
    }
  }

  /** XCLAIM strikes an entry off the pending list that the stream holds no more. */
  @Test
  void anEntryThatIsTrimmedWhileItIsHandledIsHandledToItsEnd() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            });
    try (TestWorker worker =
        TestWorker.start(QuickManifest.hasty().text(), "w1", handler, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> handler.started().size() == 1);
      traffic.redis().xtrim("in", 0);

      // A sweep strikes it off the list; renewals and more sweeps come and go.
      await().until(() -> traffic.pending("in", "g") == 0);
      long calls = GroupView.calls(traffic, "evalsha");
      await().until(() -> GroupView.calls(traffic, "evalsha") > calls + 10);
      gate.open();

      await().until(() -> handler.finished().size() == 1);
      assertThat(gate.interrupted()).isZero();
      assertThat(worker.metric("streamfleet_entries_lost_total", "stream", "in", "group", "g"))
          .isZero();
    }
  }

  @Test
  void anErrorOfTheHandlerSettlesItsEntryAndItsChannelGoesOn() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.payload().toMap().containsKey("deep")) {
                throw new StackOverflowError("as a deep recursion would");
              }
              return Handled.nothing();
            });
    String manifest =
        QuickManifest.calm().with("retry", "{initialBackoff: 10ms, maxAttempts: 2}").text();
    try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
      traffic.publish("in", Map.of("channel_id", "c", "deep", true));
      traffic.publish("in", "c");

      await().until(() -> handler.finished().size() == 1);
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(traffic.redis().xlen("dlq")).isEqualTo(1);
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void anEntryWithAnInvalidEmissionBecomesADeadLetter() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message ->
                Handled.emitting(
                    new OutboundMessage("good", Map.of("text", "one")),
                    new OutboundMessage("bad", Map.of("text", "two"))));
    traffic.redis().set("sg:stream:outbound:bad", Traffic.text("not a stream"));
    try (TestWorker worker =
        TestWorker.start(QuickManifest.calm().text(), "w1", handler, redis.url())) {
      traffic.publish("in", "c");

      await().until(() -> traffic.redis().xlen("dlq") == 1);
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(traffic.redis().exists("sg:stream:outbound:good")).isZero();
      assertThat(worker.ready()).isTrue();
    }
  }

  /** Two workers of one name would take each other's entries for lost ones of their own. */
  @Test
  void aNameThatIsInUseIsNotTakenByASecondWorker() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker first =
            TestWorker.start(QuickManifest.calm().text(), "w1", handler, redis.url());
        TestWorker second =
            TestWorker.launch(
                QuickManifest.calm().text(), "w1", handler, RedisSettings.plain(redis.url()))) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 1);
      await().during(Duration.ofSeconds(2)).until(() -> first.ready() && !second.ready());

      assertThat(first.drain()).isTrue();
      await().until(second::ready);
    }
  }
}
