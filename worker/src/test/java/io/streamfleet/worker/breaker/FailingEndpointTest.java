package io.streamfleet.worker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint that fails with everything is one that is away; a poisoned message is not. */
@Timeout(120)
class FailingEndpointTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @AutoClose private final Fleet fleet = new Fleet();

  private static QuickManifest manifest() {
    return QuickManifest.calm()
        .ordering("{mode: None}")
        .with("retry", "{initialBackoff: 900ms, maxBackoff: 5s, maxAttempts: 3}");
  }

  private static double opened(TestWorker worker, String endpoint) {
    return worker.metric(
        "streamfleet_breaker_opened_total", "endpoint", endpoint, "cause", Cause.FAILING.label());
  }

  @Test
  void aReleaseThatAnswers500ToAllCostsNoMessage() throws Exception {
    try (Bot bot = Bot.there().behaves(_ -> 500)) {
      TestWorker worker = fleet.worker("w1", manifest(), bot.handler("w1", Duration.ofSeconds(5)));
      fleet.publish("c", 300);
      await().until(() -> opened(worker, bot.origin()) == 1);
      int before = bot.requests().size();
      await().atMost(LONG).until(() -> bot.requests().size() >= before + 3);
      bot.behaves(_ -> 204);

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(GroupView.entries(fleet.traffic(), "dlq")).isEmpty();
      assertThat(bot.requests()).allMatch(request -> request.attempt() == 1);
    }
  }

  @Test
  void anEndpointThatTakesEveryCallAndAnswersNoneCostsNoMessage() throws Exception {
    AtomicBoolean hangs = new AtomicBoolean(true);
    try (Bot bot =
        Bot.there()
            .behaves(
                _ -> {
                  if (hangs.get()) {
                    await().atMost(LONG).until(() -> !hangs.get());
                  }
                  return 204;
                })) {
      TestWorker worker = fleet.worker("w1", manifest(), bot.handler("w1", Duration.ofMillis(500)));
      fleet.publish("c", 300);
      await().atMost(LONG).until(() -> opened(worker, bot.origin()) == 1);
      hangs.set(false);

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(GroupView.entries(fleet.traffic(), "dlq")).isEmpty();
    }
  }

  @Test
  void aPoisonedMessageAmongOthersDiesAloneAndHoldsNobodyUp() throws Exception {
    try (Bot bot = Bot.there().behaves(request -> request.channel().equals("poison") ? 500 : 204)) {
      TestWorker worker =
          fleet.worker(
              "w1",
              manifest().with("retry", "{initialBackoff: 10ms, maxBackoff: 50ms, maxAttempts: 3}"),
              bot.handler("w1", Duration.ofSeconds(5)));
      for (int i = 0; i < 10; i++) {
        fleet.publish("poison");
        fleet.publish("fine", 20);
      }

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(GroupView.entries(fleet.traffic(), "dlq"))
          .hasSize(10)
          .allMatch(letter -> "max_attempts".equals(letter.get("reason")));
      assertThat(opened(worker, bot.origin())).isZero();
    }
  }

  /** The connection breaks with the others each time, and is there again each time. */
  @ParameterizedTest
  @ValueSource(strings = {"{mode: None}", "{lockTtl: 20s}"})
  void aMessageThatKillsItsEndpointComesToItsEnd(String ordering) throws Exception {
    try (Bot bot =
        Bot.there().behaves(request -> request.channel().equals("killer") ? Bot.HANGS_UP : 204)) {
      fleet.worker(
          "w1",
          manifest()
              .ordering(ordering)
              .with("retry", "{initialBackoff: 10ms, maxBackoff: 50ms, maxAttempts: 3}"),
          bot.handler("w1", Duration.ofSeconds(5)));
      fleet.publish("killer");
      for (int i = 0; i < 20; i++) {
        fleet.publish("fine" + i);
      }

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(GroupView.entries(fleet.traffic(), "dlq"))
          .singleElement()
          .satisfies(
              letter -> assertThat(letter.get("reason")).isIn("max_attempts", "killed_endpoint"));
    }
  }

  /** Its call ends while another one runs, whose connection stays whole. */
  @ParameterizedTest
  @ValueSource(strings = {"{mode: None}", "{lockTtl: 20s}"})
  void whatComesBehindAMessageWhoseConnectionBrokeForTheLastTimeIsHandled(String ordering)
      throws Exception {
    CountDownLatch handled = new CountDownLatch(1);
    try (Bot bot = Bot.there()) {
      fleet.publish("slow");
      String bad = fleet.publish("c");
      fleet.publish("c");
      bot.behaves(
          request -> {
            if (request.channel().equals("slow")) {
              handled.await(LONG.toSeconds(), TimeUnit.SECONDS);
              return 204;
            }
            if (request.id().equals(bad)) {
              return Bot.HANGS_UP;
            }
            handled.countDown();
            return 204;
          });
      fleet.worker(
          "w1",
          manifest()
              .ordering(ordering)
              .with("retry", "{initialBackoff: 10ms, maxBackoff: 50ms, maxAttempts: 1}"),
          bot.handler("w1", LONG));

      await().atMost(Duration.ofSeconds(20)).until(fleet::hasNothingPending);
      assertThat(GroupView.entries(fleet.traffic(), "dlq"))
          .singleElement()
          .satisfies(letter -> assertThat(letter).containsEntry("original_msg_id", bad));
    }
  }

  /** It takes all connections along, and is back after a moment. */
  @Test
  void aMessageThatKillsItsEndpointAmongTwoHundredDiesAloneAfterFourDeathsAndThreeByItself()
      throws Exception {
    AtomicInteger deaths = new AtomicInteger();
    AtomicBoolean dying = new AtomicBoolean();
    try (Bot bot = Bot.there()) {
      bot.behaves(
          request -> {
            if (!request.channel().equals("killer")) {
              afterMillis(150);
              while (dying.get()) {
                afterMillis(10);
              }
              return bot.isThere() ? 204 : Bot.HANGS_UP;
            }
            dying.set(true);
            afterMillis(300);
            deaths.incrementAndGet();
            bot.goes();
            dying.set(false);
            afterMillis(200);
            bot.comes();
            return Bot.HANGS_UP;
          });
      for (int i = 0; i < 100; i++) {
        fleet.publish("fine" + i);
      }
      String killer = fleet.publish("killer");
      for (int i = 100; i < 200; i++) {
        fleet.publish("fine" + i);
      }
      fleet.worker(
          "w1",
          manifest().with("retry", "{initialBackoff: 10ms, maxBackoff: 50ms, maxAttempts: 3}"),
          bot.handler("w1", Duration.ofSeconds(20)));

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(GroupView.entries(fleet.traffic(), "dlq"))
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(letter)
                      .containsAllEntriesOf(
                          Map.of("original_msg_id", killer, "reason", "killed_endpoint")));
      assertThat(deaths.get()).isBetween(4, 4 + 3);
      assertThat(bot.requests())
          .filteredOn(request -> !request.channel().equals("killer"))
          .allMatch(request -> request.attempt() == 1);
    }
  }

  private static void afterMillis(long millis) throws InterruptedException {
    if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody counts this down");
    }
  }

  @Test
  void aHandlerInJavaMaySayThatItIsUnavailable() throws Exception {
    AtomicBoolean away = new AtomicBoolean(true);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (away.get()) {
                throw new HandlerUnavailable("the model is loading");
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(manifest(), handler);
    fleet.publish("c", 30);
    await().until(() -> worker.metric("streamfleet_breaker_open", "endpoint", "inbound") == 1);
    away.set(false);

    await().atMost(LONG).until(fleet::hasNothingPending);
    assertThat(handler.started()).allMatch(call -> call.attempt() == 1);
    assertThat(handler.finished()).hasSize(30);
  }
}
