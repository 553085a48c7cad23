package io.streamfleet.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a user stops is acknowledged, recorded as cancelled, and not tried again. */
class CancelTest {

  private static final String CANCEL = "sg:control:cancel";
  private static final String MANIFEST =
      QuickManifest.calm()
          .with("retry", "{initialBackoff: 1m, maxBackoff: 1m, maxAttempts: 3}")
          .text();

  private final Gate gate = new Gate();

  /** Messages of the channel {@code held} wait at the gate, those of {@code failing} fail. */
  private final RecordingHandler handler =
      new RecordingHandler(
          message -> {
            if (message.channel().equals("held")) {
              gate.pass();
            } else if (message.channel().equals("failing")) {
              throw new TransientFailure("not now");
            }
            return Handled.nothing();
          });

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());

  @AfterEach
  void stop() {
    gate.open();
    traffic.close();
    redis.close();
  }

  @Test
  void stopsAnEntryThatIsWithTheHandlerAndGoesOnWithTheNext() throws Exception {
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      String first = traffic.publish("in", "held");
      String second = traffic.publish("in", "held");
      await().until(() -> gate.reached() == 1);

      cancelEntry(first);

      await().until(() -> gate.interrupted() == 1 && gate.reached() == 2);
      gate.open();
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(handler.started()).extracting(Call::id).containsExactly(first, second);
      assertThat(handler.finished()).extracting(Call::id).containsExactly(second);
      await().until(() -> state(1).equals("CANCELLED") && state(2).equals("COMPLETED"));
      assertThat(cancelled(worker)).isEqualTo(1);
      assertThat(traffic.redis().exists("dlq")).isZero();
    }
  }

  @Test
  void takesAWaitingEntryOutOfItsLane() throws Exception {
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      String first = traffic.publish("in", "held");
      await().until(() -> gate.reached() == 1);
      String second = traffic.publish("in", "held");
      String third = traffic.publish("in", "held");
      await().until(() -> read(worker) == 3);

      cancelEntry(second);

      await().until(() -> traffic.pending("in", "g") == 2);
      await().until(() -> state(2).equals("CANCELLED"));
      assertThat(gate.interrupted()).isZero();
      gate.open();
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(handler.finished()).extracting(Call::id).containsExactly(first, third);
      assertThat(cancelled(worker)).isEqualTo(1);
    }
  }

  @Test
  void endsTheWaitForTheNextAttempt() throws Exception {
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      String first = traffic.publish("in", "failing");
      await().until(() -> state(1).equals("ERRORED"));
      String second = traffic.publish("in", "failing");

      cancelEntry(first);

      // The lane goes on a minute before the back-off ends.
      await().until(() -> handler.started().size() == 2);
      assertThat(handler.started()).extracting(Call::id).containsExactly(first, second);
      await().until(() -> state(1).equals("CANCELLED"));
      assertThat(traffic.pending("in", "g")).isEqualTo(1);
      assertThat(cancelled(worker)).isEqualTo(1);
    }
  }

  @Test
  void stopsAParkedEntryAndLeavesTheOthersParked() throws Exception {
    traffic.redis().set("sg:lock:channel:theirs", Traffic.text("a-python-worker"));
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      List<String> ids =
          IntStream.range(0, 3).mapToObj(i -> traffic.publish("in", "theirs")).toList();
      await().until(() -> parked(worker) == 3);

      cancelEntry(ids.get(1));

      await().until(() -> traffic.pending("in", "g") == 2);
      await().until(() -> state(2).equals("CANCELLED"));
      assertThat(parked(worker)).isEqualTo(2);
      assertThat(cancelled(worker)).isEqualTo(1);
      traffic.redis().del("sg:lock:channel:theirs");
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(handler.finished())
          .extracting(Call::id)
          .containsExactly(ids.getFirst(), ids.getLast());
    }
  }

  @Test
  void stopsAllEntriesOfAChannelAndNoOther() throws Exception {
    traffic.redis().set("sg:lock:channel:theirs", Traffic.text("a-python-worker"));
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      IntStream.range(0, 5).forEach(i -> traffic.publish("in", "held"));
      IntStream.range(0, 5).forEach(i -> traffic.publish("in", "theirs"));
      traffic.publish("in", "failing");
      await().until(() -> gate.reached() == 1 && parked(worker) == 5);
      await().until(() -> state(11).equals("ERRORED"));

      traffic.redis().publish(CANCEL, Traffic.text("{\"channel\":\"theirs\"}"));
      await().until(() -> traffic.pending("in", "g") == 6);
      traffic.redis().publish(CANCEL, Traffic.text("{\"channel\":\"held\"}"));
      await().until(() -> traffic.pending("in", "g") == 1);

      assertThat(gate.interrupted()).isEqualTo(1);
      assertThat(handler.finished()).isEmpty();
      await()
          .untilAsserted(
              () ->
                  assertThat(IntStream.rangeClosed(1, 10).mapToObj(this::state))
                      .containsOnly("CANCELLED"));
      assertThat(state(11)).isEqualTo("ERRORED");
      assertThat(cancelled(worker)).isEqualTo(10);
      assertThat(parked(worker)).isZero();
      assertThat(traffic.holder("sg:lock:channel:theirs")).isEqualTo("a-python-worker");
    }
  }

  @Test
  void passesOverWhatItDoesNotUnderstandWithALineEach() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Notices.class);
    logger.addAppender(log);
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      List<String> garbage =
          List.of(
              "",
              "not json",
              "[]",
              "null",
              "{}",
              "{\"entry\":\"x\"}",
              "{\"entry\":7}",
              "{\"channel\":{}}");
      garbage.forEach(text -> traffic.redis().publish(CANCEL, Traffic.text(text)));
      String held = traffic.publish("in", "held");
      await().until(() -> gate.reached() == 1);
      cancelEntry(held);

      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(log.list).hasSameSizeAs(garbage);
      assertThat(log.list)
          .allSatisfy(
              line -> assertThat(line.getFormattedMessage()).contains("{\"entry\":\"<id>\"}"));
      assertThat(cancelled(worker)).isEqualTo(1);
    } finally {
      logger.detachAppender(log);
    }
  }

  private void cancelEntry(String id) {
    traffic.redis().publish(CANCEL, Traffic.text("{\"entry\":\"" + id + "\"}"));
  }

  /** The state of the trace of the so-manieth message. */
  private String state(int number) {
    byte[] state = traffic.redis().hget("sg:trace:trace-" + number, "state");
    return state == null ? "" : new String(state, StandardCharsets.UTF_8);
  }

  private static double cancelled(TestWorker worker) {
    return worker.metric("streamfleet_entries_cancelled_total", "stream", "in", "group", "g");
  }

  private static double read(TestWorker worker) {
    return worker.metric("streamfleet_entries_read_total", "stream", "in", "group", "g");
  }

  private static double parked(TestWorker worker) {
    return worker.metric("streamfleet_parked", "loop", "inbound");
  }
}
