package io.streamfleet.worker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for an endpoint does not count as delivered, whatever becomes of its worker. */
@Timeout(120)
class DeliveriesTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @AutoClose private final Fleet fleet = new Fleet();

  private TestWorker worker(String name, Bot bot, String ordering) throws Exception {
    return fleet.worker(name, manifest(ordering), bot.handler(name, Duration.ofSeconds(5)));
  }

  private static QuickManifest manifest(String ordering) {
    return QuickManifest.calm()
        .ordering(ordering)
        .with("retry", "{initialBackoff: 900ms, maxBackoff: 2s, maxAttempts: 3}")
        .with("autoclaim", "{interval: 300ms, minIdle: 2s, maxDeliveries: 3}");
  }

  private List<Long> deliveries() {
    return fleet.group().rows().stream().map(GroupView.Row::deliveries).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{mode: None}", "{lockTtl: 20s}"})
  void theirDeliveriesAreTakenBackWhileTheyWaitAndCountedBeforeTheyBegin(String ordering)
      throws Exception {
    try (Bot bot = Bot.away()) {
      worker("w1", bot, ordering);
      for (int channel = 0; channel < 25; channel++) {
        fleet.publish("c" + channel);
      }
      await().atMost(LONG).until(() -> deliveries().size() >= 20);
      await().atMost(LONG).until(() -> deliveries().stream().filter(it -> it == 0).count() >= 19);
      assertThat(deliveries()).allMatch(it -> it <= 1);
      List<Long> whileHandled = new CopyOnWriteArrayList<>();
      bot.behaves(
          request -> {
            fleet.group().rows().stream()
                .filter(row -> row.id().equals(request.id()))
                .forEach(row -> whileHandled.add(row.deliveries()));
            return 204;
          });
      bot.comes();

      await().atMost(LONG).until(fleet::hasNothingPending);
      assertThat(whileHandled).hasSize(25).containsOnly(1L);
      assertThat(bot.requests()).hasSize(25).allMatch(request -> request.attempt() == 1);
    }
  }

  /** Each of them would be a dead letter by then, as delivered too often. */
  @Test
  void workersThatAreKilledMeanwhileCostNoAttempt(@TempDir Path folder) throws Exception {
    try (Bot bot = Bot.away()) {
      Path manifest = folder.resolve("manifest.yaml");
      Files.writeString(
          manifest,
          manifest("{mode: None}")
              .with("redis", "{url: '" + fleet.redis().url() + "'}")
              .with(
                  "inbound",
                  "{streams: [in], group: g, ordering: {mode: None}, handler: {http: {url: '"
                      + bot.url()
                      + "'}}}")
              .text());
      fleet.group().created();
      fleet.publish("c", 15);
      for (int i = 0; i < 4; i++) {
        try (WorkerProcess worker = process(folder, manifest, "killed-" + i)) {
          String name = "killed-" + i;
          await()
              .atMost(LONG)
              .until(
                  () ->
                      // Before that it takes them over and begins them all, which counts.
                      worker.log().contains("no attempt is used up")
                          && fleet.group().rows().stream()
                                  .filter(
                                      row -> row.consumer().equals(name) && row.deliveries() == 0)
                                  .count()
                              >= 14);
          worker.kill();
        }
      }
      bot.comes();
      worker("last", bot, "{mode: None}");

      await().atMost(LONG).until(() -> bot.requests().size() >= 15 && fleet.hasNothingPending());
      assertThat(GroupView.entries(fleet.traffic(), "dlq")).isEmpty();
      assertThat(bot.requests()).hasSize(15);
      // The probe that was under way when a worker was killed had begun.
      assertThat(bot.requests().stream().filter(request -> request.attempt() > 1))
          .hasSizeLessThanOrEqualTo(4);
    }
  }

  private static WorkerProcess process(Path folder, Path manifest, String name) throws IOException {
    return WorkerProcess.start(
        folder,
        List.of("-Xmx128m"),
        List.of("-f", manifest.toString(), "--port", "0", "--consumer", name));
  }
}
