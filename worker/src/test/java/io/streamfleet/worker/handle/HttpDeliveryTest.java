package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries of a worker on their way over HTTP, which no thread waits with. */
@Timeout(60)
class HttpDeliveryTest {

  private static final String DONE = "HTTP/1.1 204 No Content\r\n\r\n";

  @Test
  void aChannelIsHandledOneByOneInOrderAndChannelsSideBySide() throws Exception {
    Map<String, Semaphore> calls = new ConcurrentHashMap<>();
    AtomicInteger overlaps = new AtomicInteger();
    CountDownLatch sideBySide = new CountDownLatch(5);
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  while (true) {
                    connection.readRequest();
                    String channel = connection.header("ce-subject");
                    Semaphore call = calls.computeIfAbsent(channel, _ -> new Semaphore(1));
                    if (!call.tryAcquire()) {
                      overlaps.incrementAndGet();
                    }
                    sideBySide.countDown();
                    sideBySide.await(20, TimeUnit.SECONDS);
                    call.release();
                    connection.send(DONE);
                  }
                });
        HttpHandler handler = handler(server, Duration.ofSeconds(30));
        Fleet fleet = new Fleet()) {
      for (int i = 0; i < 5; i++) {
        fleet.publish("c" + i, 40);
      }
      fleet.worker("w1", QuickManifest.calm(), handler);

      await().atMost(Duration.ofSeconds(30)).until(() -> server.requests().size() == 200);

      assertThat(sideBySide.getCount()).isZero();
      assertThat(overlaps).hasValue(0);
      for (int i = 0; i < 5; i++) {
        String channel = "c" + i;
        List<EntryId> ids =
            server.requests().stream()
                .filter(it -> channel.equals(it.headers().get("ce-subject")))
                .map(it -> EntryId.parse(it.headers().getOrDefault("ce-id", "")))
                .toList();
        assertThat(ids).hasSize(40).isSorted();
      }
      await().until(fleet::hasNothingPending);
    }
  }

  @Test
  void anEntryThatIsCancelledIsHungUpOnAndTheNextOfItsChannelBegins() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  if (requests.incrementAndGet() == 1) {
                    connection.waitForHangUp();
                  }
                  connection.send(DONE);
                });
        HttpHandler handler = handler(server, Duration.ofSeconds(50));
        Fleet fleet = new Fleet()) {
      fleet.worker("w1", QuickManifest.calm(), handler);
      String first = fleet.publish("c");
      fleet.publish("c");
      assertThat(server.gotRequest()).isTrue();

      fleet
          .traffic()
          .redis()
          .publish(
              "sg:control:cancel", Traffic.text("{\"stream\":\"in\",\"entry\":\"" + first + "\"}"));

      assertThat(server.sawClientHangUp()).isTrue();
      await().until(fleet::hasNothingPending);
      assertThat(server.requests()).hasSize(2);
      assertThat(fleet.traffic().redis().exists("dlq")).isZero();
    }
  }

  @Test
  void callsBeyondTheGracePeriodAreClosedAndTheirEntriesStayPending() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  connection.waitForHangUp();
                });
        HttpHandler handler = handler(server, Duration.ofSeconds(50));
        Fleet fleet = new Fleet()) {
      TestWorker worker =
          fleet.worker("w1", QuickManifest.calm().with("workers", "{drainTimeout: 1s}"), handler);
      fleet.publish("c");
      assertThat(server.gotRequest()).isTrue();

      assertThat(worker.drain()).isFalse();

      assertThat(server.sawClientHangUp()).isTrue();
      assertThat(fleet.group().rows()).hasSize(1);
    }
  }

  private static HttpHandler handler(ScriptedServer server, Duration timeout) {
    return new HttpHandler(
        Endpoint.of(server.url("/"), Map.of()),
        timeout,
        "w1",
        ExchangeMemory.ofThisProcess(),
        Clock.systemUTC(),
        new AnswerWarnings(doubt -> {}));
  }
}
