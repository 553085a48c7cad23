package io.streamfleet.worker.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ScriptOutputType;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.Load;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A group is lost, whatever the worker is about: it is made again, nothing that came since is
 * passed over, and nobody waits for what is gone.
 */
class LostGroupTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Gate gate = new Gate();
  private final RecordingHandler instant = RecordingHandler.instant();

  /** All messages wait at the gate. */
  private final RecordingHandler held =
      new RecordingHandler(
          message -> {
            gate.pass();
            return Handled.nothing();
          });

  private final Fleet fleet = new Fleet();

  @AfterEach
  void close() throws Exception {
    gate.open();
    fleet.close();
  }

  private static QuickManifest from(String start) {
    return QuickManifest.calm()
        .with(
            "inbound",
            "{streams: [in], group: g, startFrom: %s, ordering: {mode: None}, handler: {builtin: Discard}}"
                .formatted(start));
  }

  /** Runs commands as one step: nobody can read in between. */
  private void inOneStep(String... commands) {
    fleet.traffic().redis().eval(String.join("\n", commands), ScriptOutputType.STATUS);
  }

  private static String add(String id) {
    return "redis.call('XADD', 'in', '%s', 'data', '{}', 'ts', '1', 'trace_id', '')".formatted(id);
  }

  private void awaitHandled(RecordingHandler handler, int count) {
    await().atMost(SOON).until(() -> handler.finished().size() == count);
    await().atMost(SOON).until(fleet::hasNothingPending);
  }

  @Test
  void isCreatedAgainWhileIdsWaitToBeFetched() throws Exception {
    fleet.group().created();
    fleet.publish("c", 30);
    fleet.group().deliverTo("w1", 30);
    TestWorker worker =
        fleet.worker(from("Beginning").with("read", "{block: 100ms, maxInFlight: 4}"), held);
    await().until(() -> gate.reached() == 4);

    fleet.traffic().redis().flushall();
    gate.open();
    fleet.publish("c", 5);

    // The four that were with handlers, and the five.
    await().atMost(SOON).until(() -> held.finished().size() == 9);
    awaitHandled(held, 9);
    await().atMost(SOON).until(worker::ready);
    assertThat(lost(worker)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Beginning", "End"})
  void itIsMadeAgainHoweverOftenItIsDestroyed(String start) throws Exception {
    TestWorker one = fleet.worker("w1", busy(start), instant);
    TestWorker two = fleet.worker("w2", busy(start), instant);
    try (Load load = Load.on(fleet.redis().url(), "in")) {
      for (int i = 1; i <= 20; i++) {
        int before = instant.finished().size();
        fleet.traffic().redis().xgroupDestroy("in", "g");
        await().atMost(SOON).until(() -> instant.finished().size() > before + 10);
      }
      Set<String> missing = new TreeSet<>(load.stop());
      await()
          .atMost(SOON)
          .until(
              () -> {
                instant.finished().forEach(call -> missing.remove(call.id()));
                return missing.isEmpty() && fleet.hasNothingPending();
              });
    }
    await().atMost(SOON).until(() -> one.ready() && two.ready());
  }

  /** Channels that the two hand over to each other, and little room. */
  private static QuickManifest busy(String start) {
    return QuickManifest.calm()
        .with(
            "inbound",
            "{streams: [in], group: g, startFrom: %s, ordering: {lockTtl: 20s}, handler: {builtin: Discard}}"
                .formatted(start))
        .with("read", "{block: 100ms, maxInFlight: 16}");
  }

  @Test
  void entriesInFlightStayOursIfAGroupThatStartedAtTheEndIsLost() throws Exception {
    TestWorker worker =
        fleet.worker(
            from("End")
                .with("read", "{block: 100ms, maxInFlight: 8}")
                .with("autoclaim", "{interval: 300ms, minIdle: 1s, maxDeliveries: 10}"),
            held);
    fleet.publish("c", 8);
    await().until(() -> gate.reached() == 8);

    fleet.traffic().redis().xgroupDestroy("in", "g");
    await().atMost(SOON).until(() -> lost(worker) > 0);
    // Longer than two renewals: who asks whether they are ours still is told so.
    await().atMost(SOON).until(() -> fleet.group().rows().size() == 8);
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> gate.interrupted() == 0);
    gate.open();

    awaitHandled(held, 8);
    assertThat(held.started()).hasSize(8);
    assertThat(worker.metric("streamfleet_entries_lost_total", "stream", "in", "group", "g"))
        .isZero();
  }

  @Test
  void attemptsAreCountedOnWhenItIsMadeAgain() throws Exception {
    RecordingHandler failing =
        new RecordingHandler(
            message -> {
              if (message.attempt() < 3) {
                throw new TransientFailure("not yet");
              }
              return Handled.nothing();
            });
    TestWorker worker =
        fleet.worker(
            from("End").with("retry", "{initialBackoff: 2s, maxBackoff: 2s, maxAttempts: 10}"),
            failing);
    fleet.publish("c");
    await().until(() -> failing.started().size() == 1);

    fleet.traffic().redis().xgroupDestroy("in", "g");

    awaitHandled(failing, 1);
    assertThat(failing.started()).extracting(Call::attempt).containsExactly(1, 2, 3);
    assertThat(lost(worker)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"End", "Beginning"})
  void nothingIsPassedOverWhenRedisIsEmptyAndFillsAtOnceBeforeAnythingWasRead(String start)
      throws Exception {
    fleet.publish("c", 3);
    TestWorker worker = fleet.worker(from(start), instant);
    int before = start.equals("End") ? 0 : 3;
    awaitHandled(instant, before);

    inOneStep("redis.call('FLUSHALL')", add("*"), add("*"), add("*"), add("*"), add("*"));

    awaitHandled(instant, before + 5);
    await().until(worker::ready);
  }

  @Test
  void nothingIsPassedOverInAStreamThatIsMadeAnewWithLowerIds() throws Exception {
    fleet.worker(from("End"), instant);
    inOneStep(add("500-1"));
    awaitHandled(instant, 1);

    inOneStep("redis.call('DEL', 'in')");
    IntStream.rangeClosed(1, 6).forEach(i -> inOneStep(add(i + "-1")));
    awaitHandled(instant, 7);

    inOneStep("redis.call('DEL', 'in')", add("1-2"), add("2-2"));
    awaitHandled(instant, 9);
  }

  @Test
  void aKeyThatIsNoStreamForAWhileIsReadWhenItIsOneAgain() throws Exception {
    TestWorker worker = fleet.worker(from("End"), instant);
    inOneStep("redis.call('DEL', 'in')", "redis.call('SET', 'in', 'text')");
    await()
        .atMost(SOON)
        .until(() -> worker.health().readinessProblems().toString().contains("WRONGTYPE"));
    assertThat(worker.health().readinessProblems().toString()).contains("cannot read in");

    inOneStep("redis.call('DEL', 'in')", add("*"));

    awaitHandled(instant, 1);
    await().atMost(SOON).until(worker::ready);
  }

  @Test
  void parkedEntriesThatAreGoneAreWaitedForByNobody() throws Exception {
    fleet.traffic().redis().set("sg:lock:channel:theirs", new byte[] {'x'});
    TestWorker worker = fleet.worker(busy("Beginning"), instant);
    fleet.publish("theirs", 20);
    await().until(() -> parked(worker) == 20);

    inOneStep("redis.call('DEL', 'in')");
    fleet.publish("ours", 1);

    awaitHandled(instant, 1);
    await().atMost(SOON).until(() -> parked(worker) == 0);
  }

  private static double parked(TestWorker worker) {
    return worker.metric("streamfleet_parked", "loop", "inbound");
  }

  private static double lost(TestWorker worker) {
    return worker.metric("streamfleet_group_lost_total", "stream", "in", "group", "g");
  }

  @Test
  void aHandlerThatEndsWhileTheGroupIsGoneHoldsNothingUp() throws Exception {
    TestWorker worker = fleet.worker(busy("Beginning"), held);
    List<String> channels = List.of("a", "b", "c");
    channels.forEach(fleet::publish);
    await().until(() -> gate.reached() == 3);

    fleet.traffic().redis().flushall();
    gate.open();
    await().atMost(SOON).until(() -> held.finished().size() == 3);
    channels.forEach(fleet::publish);

    awaitHandled(held, 6);
    await().atMost(SOON).until(worker::ready);
  }
}
