package io.streamfleet.worker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint that is unavailable costs no message, and gets little but what it can bear. */
@Timeout(120)
class OutageTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @AutoClose private final Fleet fleet = new Fleet();

  private TestWorker worker(Bot bot, String ordering) throws Exception {
    return worker("w1", bot, ordering);
  }

  private TestWorker worker(String name, Bot bot, String ordering) throws Exception {
    return fleet.worker(
        name,
        QuickManifest.calm()
            .ordering(ordering)
            .with("retry", "{initialBackoff: 900ms, maxBackoff: 2s, maxAttempts: 3}")
            .with("autoclaim", "{interval: 300ms, minIdle: 20s, maxDeliveries: 3}"),
        bot.handler(name, Duration.ofSeconds(5)));
  }

  private static boolean isOpen(TestWorker worker, Bot bot) {
    return worker.metric("streamfleet_breaker_open", "endpoint", bot.origin()) == 1;
  }

  private static double opened(TestWorker worker, Bot bot, Cause cause) {
    return worker.metric(
        "streamfleet_breaker_opened_total", "endpoint", bot.origin(), "cause", cause.label());
  }

  private static double unavailable(TestWorker worker) {
    return worker.metric(
        "streamfleet_handler_seconds_count",
        "direction",
        "inbound",
        "loop",
        "inbound",
        "outcome",
        "unavailable");
  }

  private void publishToChannels(int channels, int each) {
    for (int i = 0; i < each; i++) {
      for (int channel = 0; channel < channels; channel++) {
        fleet.publish("c" + channel);
      }
    }
  }

  private void nothingIsDead() {
    assertThat(GroupView.entries(fleet.traffic(), "dlq")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{mode: None}", "{lockTtl: 20s}"})
  void whatCameWhileItWasAwayIsHandledWhenItIsBackInItsFirstAttempt(String ordering)
      throws Exception {
    try (Bot bot = Bot.away()) {
      TestWorker worker = worker(bot, ordering);
      publishToChannels(25, 4);
      await().until(() -> isOpen(worker, bot));
      await().atMost(LONG).until(() -> unavailable(worker) > 25);
      assertThat(worker.ready()).isTrue();

      bot.comes();

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(bot.requests()).hasSize(100).allMatch(request -> request.attempt() == 1);
      assertThat(isOpen(worker, bot)).isFalse();
      assertThat(opened(worker, bot, Cause.UNAVAILABLE)).isEqualTo(1);
      nothingIsDead();
    }
  }

  @Test
  void theOperatorIsShownForAsLongAsItIsAway() throws Exception {
    String channel = "sg:control:notice:unavailable:chat/bot:inbound";
    try (Bot bot = Bot.away()) {
      TestWorker worker = worker(bot, "{mode: None}");
      worker.isOf("chat", "bot");
      publishToChannels(25, 1);
      await().until(() -> isOpen(worker, bot));
      await().until(() -> listeners(channel) == 1);

      bot.comes();

      await().atMost(LONG).until(() -> listeners(channel) == 0);
    }
  }

  private long listeners(String channel) {
    return fleet.traffic().redis().pubsubNumsub(channel).getOrDefault(channel, 0L);
  }

  @ParameterizedTest
  @ValueSource(ints = {503, Bot.HANGS_UP})
  void anEndpointThatIsThereAndCantWorkGetsProbesOnlyEachAnotherMessage(int status)
      throws Exception {
    try (Bot bot = Bot.there().behaves(_ -> status)) {
      TestWorker worker = worker(bot, "{mode: None}");
      publishToChannels(40, 1);
      await().until(() -> isOpen(worker, bot));
      int before = bot.requests().size();
      await().atMost(LONG).until(() -> bot.requests().size() >= before + 4);

      List<Bot.Request> probes = bot.requests().subList(before, before + 4);
      assertThat(probes.stream().map(Bot.Request::id).collect(Collectors.toSet())).hasSize(4);
      for (int i = 1; i < probes.size(); i++) {
        assertThat(Duration.ofNanos(probes.get(i).at() - probes.get(i - 1).at()))
            .isGreaterThan(Duration.ofMillis(900));
      }
      bot.behaves(_ -> 204);

      await().atMost(LONG).until(fleet::hasNothingPending);
      nothingIsDead();
      assertThat(bot.requests()).allMatch(request -> request.attempt() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void anEndpointThatAsksToBeLeftAloneIsLeftAloneForThatTime(int status) throws Exception {
    try (Bot bot = Bot.there().behaves(_ -> status).asksToWait("3")) {
      TestWorker worker = worker(bot, "{lockTtl: 20s}");
      publishToChannels(1, 3);
      await().until(() -> isOpen(worker, bot));
      bot.behaves(_ -> 204);

      await().atMost(LONG).until(fleet::hasNothingPending);
      List<Bot.Request> requests = bot.requests();
      assertThat(requests).hasSize(4);
      assertThat(Duration.ofNanos(requests.get(1).at() - requests.get(0).at()))
          .isGreaterThan(Duration.ofMillis(2_900));
      nothingIsDead();
    }
  }

  @Test
  void anEndpointThatComesAndGoesCostsNoMessage() throws Exception {
    try (Bot bot = Bot.there()) {
      TestWorker worker = worker(bot, "{lockTtl: 20s}");
      for (int outage = 1; outage <= 4; outage++) {
        bot.goes();
        publishToChannels(30, 1);
        await().atMost(LONG).until(() -> isOpen(worker, bot));
        bot.comes();
        await().atMost(LONG).until(() -> !isOpen(worker, bot));
      }

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(opened(worker, bot, Cause.UNAVAILABLE)).isEqualTo(4);
      assertThat(bot.requests().stream().map(Bot.Request::id).distinct()).hasSize(120);
      nothingIsDead();
    }
  }

  @Test
  void theOrderOfAChannelHolds() throws Exception {
    try (Bot bot = Bot.away()) {
      TestWorker worker = worker(bot, "{lockTtl: 20s}");
      publishToChannels(3, 30);
      await().until(() -> isOpen(worker, bot));
      bot.comes();
      await().atMost(LONG).until(fleet::hasNothingPending);

      Map<String, List<String>> ids =
          bot.requests().stream()
              .collect(
                  Collectors.groupingBy(
                      Bot.Request::channel,
                      Collectors.mapping(Bot.Request::id, Collectors.toList())));
      assertThat(ids).hasSize(3);
      assertThat(ids.values())
          .allSatisfy(
              channel -> {
                assertThat(channel).doesNotHaveDuplicates();
                assertThat(channel).isSortedAccordingTo(Comparator.comparing(EntryId::parse));
              });
    }
  }

  @Test
  void locksAreFreeAndNewMessagesGoToAWorkerThatReachesItsEndpoint() throws Exception {
    try (Bot away = Bot.away();
        Bot there = Bot.there()) {
      TestWorker lame = worker("lame", away, "{lockTtl: 20s}");
      publishToChannels(5, 4);
      await().until(() -> isOpen(lame, away));
      await().until(() -> fleet.traffic().redis().keys("sg:lock:*").isEmpty());

      worker("well", there, "{lockTtl: 20s}");
      publishToChannels(5, 40);

      await().atMost(LONG).until(() -> there.requests().size() >= 150);
      assertThat(isOpen(lame, away)).isTrue();
      away.comes();
      await().atMost(LONG).until(fleet::hasNothingPending);
      Set<String> handled = new HashSet<>();
      there.requests().forEach(request -> handled.add(request.id()));
      away.requests().forEach(request -> handled.add(request.id()));
      assertThat(handled).hasSize(220);
      nothingIsDead();
    }
  }

  @Test
  void aWorkerThatLeavesMeanwhileGivesBackWhatItHasWithoutAnAttempt() throws Exception {
    try (Bot bot = Bot.away()) {
      for (int i = 0; i < 4; i++) {
        TestWorker worker = worker("w" + i, bot, "{lockTtl: 20s}");
        if (i == 0) {
          publishToChannels(5, 4);
        }
        await().atMost(LONG).until(() -> isOpen(worker, bot));
        worker.drain();
        assertThat(fleet.group().rows()).allSatisfy(row -> assertThat(row.deliveries()).isZero());
      }
      bot.comes();
      worker("last", bot, "{lockTtl: 20s}");

      await().atMost(LONG).until(() -> bot.requests().size() >= 20 && fleet.hasNothingPending());
      assertThat(bot.requests()).hasSize(20).allMatch(request -> request.attempt() == 1);
      nothingIsDead();
    }
  }

  @Test
  void aCancelledMessageIsGoneThoughNothingIsHandled() throws Exception {
    try (Bot bot = Bot.away()) {
      TestWorker worker = worker(bot, "{lockTtl: 20s}");
      publishToChannels(5, 4);
      await().until(() -> isOpen(worker, bot));
      await().until(() -> fleet.group().rows().size() == 20);
      fleet.traffic().redis().publish("sg:control:cancel", Traffic.text("{\"channel\": \"c3\"}"));

      await().until(() -> fleet.group().rows().size() == 16);
      assertThat(worker.metric("streamfleet_entries_cancelled_total", "stream", "in", "group", "g"))
          .isEqualTo(4);
    }
  }
}
