package io.streamfleet.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.XAddArgs;
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
import java.util.Map;
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

  private static final String TWO_STREAMS =
      QuickManifest.calm()
          .with(
              "inbound",
              "{streams: [in, more], group: g, ordering: {lockTtl: 20s}, handler: {builtin:"
                  + " Discard}}")
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

  /** Ids are times, and under load two streams have the same. */
  @Test
  void stopsTheEntryOfOneStreamAndNotItsNamesakeInAnother() throws Exception {
    try (TestWorker worker = TestWorker.start(TWO_STREAMS, "w1", handler, redis.url())) {
      publish("in", "1-1", "held");
      publish("more", "1-1", "other");
      await().until(() -> gate.reached() == 1 && handler.finished().size() == 1);
      publish("more", "2-1", "held");
      publish("in", "2-1", "held");
      await().until(() -> traffic.pending("in", "g") == 2 && traffic.pending("more", "g") == 1);

      cancel("{\"stream\":\"in\",\"entry\":\"2-1\"}");

      await().until(() -> traffic.pending("in", "g") == 1);
      gate.open();
      await().until(() -> traffic.pending("in", "g") + traffic.pending("more", "g") == 0);
      assertThat(handler.finished())
          .extracting(call -> call.stream() + " " + call.id())
          .containsExactlyInAnyOrder("in 1-1", "more 1-1", "more 2-1");
      assertThat(cancelled(worker)).isEqualTo(1);
    }
  }

  @Test
  void stopsAChannelInOneStreamWhereTheOrderNamesOne() throws Exception {
    try (TestWorker worker = TestWorker.start(TWO_STREAMS, "w1", handler, redis.url())) {
      publish("in", "1-1", "held");
      await().until(() -> gate.reached() == 1);
      publish("in", "2-1", "held");
      publish("more", "1-1", "held");
      await().until(() -> traffic.pending("in", "g") == 2 && traffic.pending("more", "g") == 1);

      cancel("{\"channel\":\"held\",\"stream\":\"more\"}");

      await().until(() -> traffic.pending("more", "g") == 0);
      assertThat(gate.interrupted()).isZero();
      gate.open();
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(handler.finished()).extracting(Call::stream).containsExactly("in", "in");
      assertThat(cancelled(worker)).isZero();
    }
  }

  /** Another fleet on the same channel may have the id too, in a stream that was not meant. */
  @Test
  void stopsNothingWhereTheOrderDoesNotNameTheStream() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Notices.class);
    logger.addAppender(log);
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      String id = traffic.publish("in", "held");
      await().until(() -> gate.reached() == 1);

      cancel("{\"entry\":\"" + id + "\"}");

      await().until(() -> log.list.size() == 1);
      gate.open();
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(handler.finished()).extracting(Call::id).containsExactly(id);
      assertThat(cancelled(worker)).isZero();
    } finally {
      logger.detachAppender(log);
    }
  }

  /** Publishing ignores SELECT: staging may lie in one database, production in another. */
  @Test
  void databasesOfOneRedisAreApart() throws Exception {
    String other = redis.url().replaceFirst("/0$", "/5");
    try (Traffic there = new Traffic(other);
        TestWorker staging = TestWorker.start(MANIFEST, "w1", handler, redis.url());
        TestWorker production = TestWorker.start(MANIFEST, "w1", handler, other)) {
      String id = traffic.publish("in", "held");
      await().until(() -> gate.reached() == 1);
      there.redis().xadd("in", new XAddArgs().id(id), payload("held"));
      await().until(() -> gate.reached() == 2);

      cancelEntry(id);

      await().until(() -> gate.interrupted() == 1);
      await().until(() -> traffic.pending("in", "g") == 0);
      assertThat(cancelled(staging)).isEqualTo(1);
      there
          .redis()
          .publish(CANCEL + "@5", Traffic.text("{\"stream\":\"in\",\"entry\":\"" + id + "\"}"));
      await().until(() -> there.pending("in", "g") == 0);
      assertThat(gate.interrupted()).isEqualTo(2);
      assertThat(cancelled(production)).isEqualTo(1);
      assertThat(cancelled(staging)).isEqualTo(1);
    }
  }

  private void publish(String stream, String id, String channel) {
    traffic.redis().xadd(stream, new XAddArgs().id(id), payload(channel));
  }

  private static Map<String, byte[]> payload(String channel) {
    return Map.of("data", Traffic.text("{\"channel_id\":\"" + channel + "\"}"));
  }

  @Test
  void passesOverWhatItDoesNotUnderstandWithOneLineForAll() throws Exception {
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
              "{\"stream\":\"in\"}",
              "{\"stream\":\"in\",\"entry\":\"x\"}",
              "{\"stream\":\"in\",\"entry\":7}",
              "{\"stream\":7,\"channel\":\"held\"}",
              "{\"channel\":{}}");
      for (int i = 0; i < 100; i++) {
        garbage.forEach(text -> traffic.redis().publish(CANCEL, Traffic.text(text)));
      }
      String held = traffic.publish("in", "held");
      await().until(() -> gate.reached() == 1);
      cancelEntry(held);

      await().until(() -> traffic.pending("in", "g") == 0);
      // A second one at the most, on a machine that takes longer than the pause between two.
      assertThat(log.list).hasSizeBetween(1, 2);
      assertThat(log.list.getFirst().getFormattedMessage())
          .contains("{\"stream\":\"<name>\",\"entry\":\"<id>\"}");
      assertThat(cancelled(worker)).isEqualTo(1);
    } finally {
      logger.detachAppender(log);
    }
  }

  private void cancelEntry(String id) {
    cancel("{\"stream\":\"in\",\"entry\":\"" + id + "\"}");
  }

  private void cancel(String order) {
    traffic.redis().publish(CANCEL, Traffic.text(order));
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
