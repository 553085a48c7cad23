package io.streamfleet.worker.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Secret;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Redis answers, and refuses some of what it is asked: the worker says so once, asks less and less
 * often, is not ready while it can't work, and says when it is over.
 */
class RefusedCallsTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final Gate gate = new Gate();
  private final RecordingHandler handler = RecordingHandler.instant();
  private final RedisServer redis =
      RedisServer.builder().user("worker on >secret ~* &* +@all").start();
  private final Traffic traffic = new Traffic(redis.url());
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  @BeforeEach
  void listen() throws Exception {
    Files.write(folder.resolve("username"), List.of("worker"));
    Files.write(folder.resolve("password"), List.of("secret"));
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    gate.open();
    logger.detachAppender(log);
    traffic.close();
    redis.close();
  }

  /** A worker of a stream that no other test has, whose lines in the log are told by it. */
  private TestWorker start(String stream, RecordingHandler with) throws Exception {
    return TestWorker.start(
        """
        redis: {url: "redis://127.0.0.1:6379"}
        outbound:
          platforms: [%s]
          streamTemplate: "{platform}"
          group: g
          ordering: {mode: None}
          handler: {builtin: Discard}
        deadLetter: {stream: dlq}
        read: {block: 100ms}
        workers: {drainTimeout: 5s}
        autoclaim: {interval: 300ms, minIdle: 20s, maxDeliveries: 10}
        """
            .formatted(stream),
        "w1",
        with,
        settings());
  }

  private RedisSettings settings() {
    return new RedisSettings(
        redis.url(),
        false,
        false,
        Duration.ofSeconds(2),
        () ->
            Credentials.of(
                Optional.of(Secret.folder(folder)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
        true,
        "test");
  }

  /** What the worker of a stream logged about calls. */
  private List<String> lines(String stream) {
    return said(stream).stream().filter(line -> line.startsWith("calls to Redis")).toList();
  }

  /** What the worker of a stream logged. */
  private List<String> said(String stream) {
    return List.copyOf(log.list).stream()
        .filter(
            line ->
                line.getKeyValuePairs().stream()
                    .anyMatch(pair -> pair.value.equals("outbound-" + stream)))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static double failed(TestWorker worker, String operation) {
    return worker.metric("streamfleet_redis_errors_total", "operation", operation);
  }

  @Test
  void aServerThatRefusesWritesIsToldOfOnceAndReadinessStandsStill() throws Exception {
    try (TestWorker worker = start("writes", handler)) {
      traffic.publish("writes", "c");
      await().until(() -> handler.finished().size() == 1 && traffic.pending("writes", "g") == 0);

      traffic.redis().configSet("min-replicas-to-write", "1");
      await().atMost(SOON).until(() -> failed(worker, "read") >= 1);
      long since = System.nanoTime();
      List<Boolean> ready = new ArrayList<>();
      await()
          .atMost(SOON)
          .until(
              () -> {
                ready.add(worker.ready());
                return failed(worker, "read") >= 7;
              });
      Duration sixMore = Duration.ofNanos(System.nanoTime() - since);
      assertThat(ready).containsOnly(false);
      assertThat(sixMore)
          .as("waits of at least 25, 50, 100, 200, 400 and 800 ms lie between seven failures")
          .isGreaterThan(Duration.ofMillis(1500));
      assertThat(worker.health().readinessProblems().toString())
          .contains("cannot read writes", "NOREPLICAS");
      assertThat(lines("writes")).hasSize(1);

      traffic.redis().configSet("min-replicas-to-write", "0");
      traffic.publish("writes", "c");
      await().atMost(SOON).until(() -> handler.finished().size() == 2);
      await().atMost(SOON).until(worker::ready);
      await()
          .untilAsserted(
              () ->
                  assertThat(lines("writes"))
                      .containsExactly(
                          "calls to Redis fail; they are repeated until they succeed",
                          "calls to Redis succeed again"));
    }
  }

  @Test
  void aServerWhoseMemoryIsFullMakesEvenWhoHasNothingToDoUnready() throws Exception {
    try (TestWorker worker = start("full", handler)) {
      traffic.redis().configSet("maxmemory", "1");
      await().atMost(SOON).until(() -> !worker.ready());
      assertThat(worker.health().readinessProblems().toString())
          .contains("Redis refuses all writes: OOM command not allowed");
      assertThat(refuses(worker, "OOM")).isEqualTo(1);
      assertThat(refuses(worker, "READONLY")).isZero();

      traffic.redis().configSet("maxmemory", "0");
      await().atMost(SOON).until(worker::ready);
      assertThat(refuses(worker, "OOM")).isZero();
    }
  }

  private static double refuses(TestWorker worker, String reason) {
    return worker.metric("streamfleet_redis_refuses_writes", "reason", reason);
  }

  /** Handlers that end well, and are called all the time, say nothing about the rest. */
  @Test
  void isNotReadyIfDeadLettersCannotBeWritten() throws Exception {
    RecordingHandler picky =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("bad")) {
                throw new PermanentFailure("no");
              }
              return Handled.nothing();
            });
    try (TestWorker worker = start("letters", picky)) {
      traffic.redis().set("dlq", new byte[] {1});
      traffic.publish("letters", "bad");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                traffic.publish("letters", "good");
                return !worker.ready();
              });
      assertThat(worker.health().readinessProblems().toString())
          .contains("calls to dead-letter fail: WRONGTYPE");

      traffic.redis().del("dlq");
      await().atMost(SOON).until(worker::ready);
    }
  }

  @Test
  void aReadThatIsForbiddenIsToldOfOnce() throws Exception {
    try (TestWorker worker = start("reads", handler)) {
      forbid(CommandType.XREADGROUP);
      await().atMost(SOON).until(() -> failed(worker, "read") >= 6);
      assertThat(worker.ready()).isFalse();
      assertThat(lines("reads")).hasSize(1);

      allow(CommandType.XREADGROUP);
      traffic.publish("reads", "c");
      await().atMost(SOON).until(() -> handler.finished().size() == 1);
      await().atMost(SOON).until(worker::ready);
      assertThat(lines("reads")).hasSize(2);
    }
  }

  @Test
  void nothingIsReadWhileNothingCanBeAcknowledged() throws Exception {
    RecordingHandler held =
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            });
    try (TestWorker worker = start("acks", held)) {
      traffic.publish("acks", "c");
      await().until(() -> gate.reached() == 1);
      forbid(CommandType.XACK);
      gate.open();
      await().atMost(SOON).until(() -> failed(worker, "acknowledge") >= 4);
      assertThat(worker.health().readinessProblems().toString())
          .contains("cannot acknowledge", "NOPERM");
      // The read that was on its way may bring more.
      traffic.publish("acks", "c");
      await().atMost(SOON).until(() -> failed(worker, "acknowledge") >= 8);
      int handled = held.finished().size();
      for (int i = 0; i < 10; i++) {
        traffic.publish("acks", "c");
      }
      double failures = failed(worker, "acknowledge");
      await().atMost(SOON).until(() -> failed(worker, "acknowledge") >= failures + 3);
      assertThat(held.finished()).hasSize(handled);
      assertThat(lines("acks")).hasSize(1);

      allow(CommandType.XACK);
      await().atMost(SOON).until(() -> held.finished().size() == 12);
      await().atMost(SOON).until(() -> traffic.pending("acks", "g") == 0 && worker.ready());
      assertThat(lines("acks")).hasSize(2);
    }
  }

  @Test
  void isNotReadyIfWaitingEntriesCannotBeFetched() throws Exception {
    try (TestWorker first = start("waiting", handler)) {
      traffic.publish("waiting", "c");
      await().until(() -> traffic.pending("waiting", "g") == 0);
      assertThat(first.drain()).isTrue();
    }
    traffic.publish("waiting", "c");
    new GroupView(traffic, "waiting", "g").deliverTo("w1", 1);
    forbid(CommandType.XCLAIM);
    try (TestWorker worker = start("waiting", handler)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  // Said anew each second; while a try is on its way nothing waits.
                  assertThat(worker.health().readinessProblems().toString())
                      .contains("nothing is handled", "1 to be fetched", "not reading", "fetch: "));
      assertThat(worker.metric("streamfleet_standstill_seconds", "loop", "outbound-waiting"))
          .isPositive();
      assertThat(said("waiting"))
          .containsOnlyOnce("nothing is handled though there are entries to handle");

      allow(CommandType.XCLAIM);
      await().atMost(SOON).until(() -> handler.finished().size() == 2);
      await().atMost(SOON).until(worker::ready);
      assertThat(worker.metric("streamfleet_standstill_seconds", "loop", "outbound-waiting"))
          .isZero();
      assertThat(said("waiting")).containsOnlyOnce("entries are handled again");
    }
  }

  @Test
  void aQuestionThatIsForbiddenKeepsNobodyFromWork() throws Exception {
    forbid(CommandType.XLEN);
    forbid(CommandType.XINFO);
    forbid(CommandType.TIME);
    try (TestWorker worker = start("questions", handler)) {
      await()
          .atMost(SOON)
          .until(() -> worker.metric("streamfleet_observation_failures_total") >= 1);
      traffic.publish("questions", "c");
      await().until(() -> handler.finished().size() == 1 && traffic.pending("questions", "g") == 0);
      assertThat(worker.health().readinessProblems()).isEmpty();
      assertThat(worker.metric("streamfleet_redis_up")).isEqualTo(1);
    }
  }

  @Test
  void aReadThatIsEndedByADemotionHasNotLostItsGroup() throws Exception {
    try (TestWorker worker = start("demoted", handler)) {
      traffic.redis().replicaof("127.0.0.1", 1);
      await().atMost(SOON).until(() -> failed(worker, "read") >= 3);
      assertThat(worker.ready()).isFalse();
      assertThat(worker.metric("streamfleet_group_lost_total", "stream", "demoted", "group", "g"))
          .isZero();

      traffic.redis().replicaofNoOne();
      traffic.publish("demoted", "c");
      await().atMost(SOON).until(() -> handler.finished().size() == 1);
      await().atMost(SOON).until(worker::ready);
      assertThat(lines("demoted")).hasSizeLessThanOrEqualTo(4);
    }
  }

  private void forbid(CommandType command) {
    traffic.redis().aclSetuser("worker", AclSetuserArgs.Builder.removeCommand(command));
  }

  private void allow(CommandType command) {
    traffic.redis().aclSetuser("worker", AclSetuserArgs.Builder.addCommand(command));
  }
}
